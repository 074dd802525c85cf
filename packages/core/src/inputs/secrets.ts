import { Secret } from '../secret.ts';
import type { Field } from './field.ts';
import { meaningfulLines, parsePairs } from './lines.ts';
import { type FieldOptions, field, ok, type Value } from './make.ts';

type SecretOptions = Omit<FieldOptions, 'secret'>;

/** One secret text, whole, without the blanks around it. */
export function secretText<const O extends SecretOptions>(options: O = {} as O): Field<Value<Secret, O>> {
  return field('text', { ...options, secret: true }, (given) => ok(new Secret(given.trim())));
}

/** Secrets, one a line. */
export function secretList<const O extends SecretOptions>(options: O = {} as O): Field<Value<readonly Secret[], O>> {
  return field('list', { ...options, secret: true }, (given) =>
    ok(meaningfulLines(given).map((item) => new Secret(item))),
  );
}

/** `key=value` lines whose values are secret. */
export function secretPairs<const O extends SecretOptions>(
  options: O = {} as O,
): Field<Value<ReadonlyMap<string, Secret>, O>> {
  return field('pairs', { ...options, secret: true }, (given) => {
    const parsed = parsePairs(given, true);
    return parsed.ok ? ok(new Map([...parsed.value].map(([key, value]) => [key, new Secret(value)]))) : parsed;
  });
}
