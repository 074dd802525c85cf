import { Secret } from '../secret.ts';
import type { Field, FieldSurroundings, Fields } from './field.ts';
import { givenTexts } from './parse.ts';

/**
 * Every secret that stands in the inputs: each text, item, value or scalar of the fields marked secret.
 * Reads them by the fields' own parsers, so that it works before (and although) other inputs are faulty.
 */
export function secretsGiven<T>(
  fields: Fields<T>,
  env: FieldSurroundings['env'],
  surroundings: FieldSurroundings,
): readonly string[] {
  return Object.entries<Field<unknown>>(fields as Readonly<Record<string, Field<unknown>>>)
    .filter(([, field]) => field.secret)
    .flatMap(([name, field]) =>
      givenTexts(name, field, env).flatMap(([, text]) => secretsIn(field, text, surroundings)),
    );
}

function secretsIn(field: Field<unknown>, text: string, surroundings: FieldSurroundings): readonly string[] {
  const parsed = field.parse(text, surroundings);
  return parsed.ok ? textsOf(parsed.value) : [text];
}

function textsOf(value: unknown): readonly string[] {
  if (value instanceof Secret) return [value.reveal()];
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (value instanceof Map) return [...value.values()].flatMap(textsOf);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
