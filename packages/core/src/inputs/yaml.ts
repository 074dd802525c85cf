import * as v from 'valibot';
import { Secret } from '../secret.ts';
import type { Field, FieldSurroundings, Parsed } from './field.ts';
import { type FieldOptions, fault, field, ok, type Value } from './make.ts';
import { trailingComments } from './trailing-comments.ts';
import { readDocument } from './yaml-document.ts';
import { checkShape } from './yaml-shape.ts';
import { yamlSource } from './yaml-source.ts';

/** For schemas of {@link secretYaml}: a text that becomes a {@link Secret}. */
export const secretScalar = v.pipe(
  v.string(),
  v.transform((value) => new Secret(value)),
);

/**
 * YAML 1.2 or JSON in place, or one line with the path of a `.yaml`, `.yml` or `.json` file, in which `${NAME}` is the step's variable.
 * Use `v.strictObject` so that an unknown key is a fault. Faults name path and line.
 */
export function yaml<S extends v.GenericSchema, const O extends FieldOptions>(
  schema: S,
  options: O = {} as O,
): Field<Value<v.InferOutput<S>, O>> {
  return field('yaml', options, (given, surroundings) =>
    parseYaml(schema, given, surroundings, options.secret ?? false),
  );
}

/** The same for secrets: a comment after a value is a fault, being mostly a password cut off, and no fault quotes the text. Type its values {@link secretScalar}. */
export function secretYaml<S extends v.GenericSchema, const O extends Omit<FieldOptions, 'secret'>>(
  schema: S,
  options: O = {} as O,
): Field<Value<v.InferOutput<S>, O>> {
  return field('yaml', { ...options, secret: true }, (given, surroundings) =>
    parseYaml(schema, given, surroundings, true),
  );
}

function parseYaml<S extends v.GenericSchema>(
  schema: S,
  given: string,
  surroundings: FieldSurroundings,
  secret: boolean,
): Parsed<v.InferOutput<S>> {
  const source = yamlSource(given, surroundings);
  if (!source.ok) return source;
  const { text, file } = source.value;
  const inFile = file === undefined ? '' : `${file}: `;
  const [comment] = secret ? trailingComments(text) : [];
  if (comment !== undefined) {
    return fault(
      `${inFile}a comment follows a value (line ${comment}), which cuts off a password that holds \` #\``,
      QUOTED,
    );
  }
  const document = readDocument(source.value, surroundings.env);
  if (document.faults.length > 0) {
    return fault(
      inFile +
        document.faults
          .map(({ line, message }) => (line === undefined ? message : `${message} (line ${line})`))
          .join('; '),
      secret ? QUOTED : undefined,
    );
  }
  const checked = checkShape(schema, document, secret);
  return checked.ok ? ok(checked.value) : fault(inFile + checked.faults.join('; '), secret ? QUOTED : undefined);
}

/** Most faults of a secret document come from a value that YAML takes apart. */
const QUOTED = 'each value in quotes, or as `${{ toJSON(secrets.NAME) }}`';
