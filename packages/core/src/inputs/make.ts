import type { Field, FieldSurroundings, Parsed } from './field.ts';

/** What every maker of a field takes. */
export interface FieldOptions {
  /** As a user would write it, and as action.yml says; `''` is the empty list, the empty text. */
  readonly default?: string;
  readonly required?: boolean;
  readonly aliases?: readonly string[];
  readonly secret?: boolean;
}

/** A field that is neither required nor has a default may yield undefined. */
export type Value<T, O extends FieldOptions> = O extends { readonly required: true } | { readonly default: string }
  ? T
  : T | undefined;

/** Makes a field of `kind`; `parse` sees the text as given, with the blanks around it. */
export function field<T, const O extends FieldOptions>(
  kind: string,
  options: O,
  parse: (text: string, surroundings: FieldSurroundings) => Parsed<T>,
): Field<Value<T, O>> {
  return {
    kind,
    aliases: options.aliases ?? [],
    secret: options.secret ?? false,
    required: options.required ?? false,
    default: options.default,
    // A Parsed<T> is a Parsed<T | undefined>: Value only ever widens T, which the compiler cannot see in a conditional type.
    parse: (options.secret === true ? discreet(parse) : parse) as Field<Value<T, O>>['parse'],
  };
}

/** Faults may quote what was given; those of a secret field must not. */
function discreet<T>(parse: Field<T>['parse']): Field<T>['parse'] {
  return (text, surroundings) => {
    const parsed = parse(text, surroundings);
    return parsed.ok ? parsed : { ...parsed, message: parsed.message.replaceAll(text.trim(), '***') };
  };
}

export function ok<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** `message` says what is wrong without the value where the field may be secret; `accepted` what would do. */
export function fault(message: string, accepted?: string): { ok: false; message: string; accepted?: string } {
  return accepted === undefined ? { ok: false, message } : { ok: false, message, accepted };
}
