import type { Field, Parsed } from './field.ts';
import { type FieldOptions, fault, field, ok, type Value } from './make.ts';

/** The lines that say something: without the blank ones and those that start with `#`, without the blanks around them. */
export function meaningfulLines(text: string): readonly string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** One item a line. A comma is part of the item: lines may have a syntax of their own. */
export function list<const O extends FieldOptions>(options: O = {} as O): Field<Value<readonly string[], O>> {
  return field('list', options, (given) => ok(meaningfulLines(given)));
}

/** Plain words, separated by line breaks or commas: `linux/amd64,linux/arm64`. */
export function words<const O extends FieldOptions>(options: O = {} as O): Field<Value<readonly string[], O>> {
  return field('words', options, (given) =>
    ok(
      meaningfulLines(given)
        .flatMap((line) => line.split(','))
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    ),
  );
}

/** `key=value` lines; the value is all after the first `=`, and may be empty. A key given twice is a fault. */
export function pairs<const O extends FieldOptions>(
  options: O = {} as O,
): Field<Value<ReadonlyMap<string, string>, O>> {
  return field('pairs', options, (given) => parsePairs(given, options.secret ?? false));
}

/** Reads `key=value` lines. Faults of a secret field name lines by number alone, since a line without `=` may be all value. */
export function parsePairs(given: string, secret: boolean): Parsed<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const faults: string[] = [];
  for (const [index, line] of meaningfulLines(given).entries()) {
    const named = secret ? `item ${index + 1}` : `\`${line}\``;
    const equals = line.indexOf('=');
    const key = line.slice(0, Math.max(equals, 0)).trim();
    if (key === '') faults.push(`${named} has no key before a \`=\``);
    else if (found.has(key)) faults.push(`${named} gives a key a second time`);
    else found.set(key, line.slice(equals + 1).trim());
  }
  return faults.length === 0 ? ok(found) : fault(faults.join('; '), 'key=value, one a line, each key once');
}
