import type { Field } from './field.ts';
import { type FieldOptions, fault, field, ok, type Value } from './make.ts';
import { didYouMean } from './nearest.ts';
import { parseDuration, parseShare, parseSize } from './quantities.ts';

/** One text, without the blanks around it. */
export function text<const O extends FieldOptions>(options: O = {} as O): Field<Value<string, O>> {
  return field('text', options, (given) => ok(given.trim()));
}

/** One of a few words, as written here. */
export function choice<const V extends string, const O extends FieldOptions>(
  values: readonly V[],
  options: O = {} as O,
): Field<Value<V, O>> {
  return field('choice', options, (given) => {
    const word = given.trim();
    const found = values.find((value) => value === word);
    return found === undefined
      ? fault(`\`${word}\` is none of them${didYouMean(word, values)}`, values.join(', '))
      : ok(found);
  });
}

/** `true` or `false`, also `True`, `TRUE`, `False`, `FALSE`: YAML 1.2's core schema, as @actions/core reads booleans. */
export function boolean<const O extends FieldOptions>(options: O = {} as O): Field<Value<boolean, O>> {
  return field('boolean', options, (given) => {
    const word = given.trim();
    if (/^(true|True|TRUE)$/.test(word)) return ok(true);
    if (/^(false|False|FALSE)$/.test(word)) return ok(false);
    return fault(`\`${word}\` is no boolean`, 'true or false');
  });
}

/** A whole number in decimal digits, `min` to `max` where given. */
export function integer<const O extends FieldOptions & { readonly min?: number; readonly max?: number }>(
  options: O = {} as O,
): Field<Value<number, O>> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = options;
  const least = options.min === undefined ? '' : ` of ${min} or more`;
  const most = options.max === undefined ? '' : `${least === '' ? ' of' : ','} at most ${max}`;
  return field('integer', options, (given) => {
    const written = given.trim();
    const value = Number(written);
    const inRange = /^[+-]?\d+$/.test(written) && value >= min && value <= max;
    return inRange ? ok(value) : fault(`\`${written}\` will not do`, `a whole number${least}${most}`);
  });
}

/** `5m30s`, `250ms`, `30d`, in milliseconds, `min` or more; a bare number other than 0 is a fault. */
export function duration<const O extends FieldOptions & { readonly min?: number }>(
  options: O = {} as O,
): Field<Value<number, O>> {
  const { min = 0 } = options;
  return field('duration', options, (given) => {
    const parsed = parseDuration(given);
    const short = parsed.ok && parsed.value < min;
    return short ? fault(`\`${given.trim()}\` is too short`, `${min / 1000} s or more`) : parsed;
  });
}

/** `512Mi`, `10G`, in bytes, as Kubernetes reads quantities. */
export function size<const O extends FieldOptions>(options: O = {} as O): Field<Value<number, O>> {
  return field('size', options, parseSize);
}

/** `5%`, as 0 to 1. */
export function share<const O extends FieldOptions>(options: O = {} as O): Field<Value<number, O>> {
  return field('share', options, parseShare);
}
