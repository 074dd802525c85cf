import { InputError, type InputFault, Secret } from '@deploy-actions/core';

/** What `${NAME}` stands for; only these names are filled in. A value may be a secret's; undefined: listed, and without a value. */
export type Variables = ReadonlyMap<string, Secret | undefined>;

/** A variable as a text names it. Two dollars before the braces keep it as it is, less one dollar. */
const NAMED = /\$?\$\{([A-Za-z_]\w*)\}/g;

/** Reads `NAME` (from the environment) and `NAME=value` lines. Throws InputError. */
export function readVariables(lines: readonly string[], env: Readonly<Record<string, string | undefined>>): Variables {
  const faults: InputFault[] = [];
  const variables = new Map<string, Secret | undefined>();
  for (const line of lines) {
    const [, name, given] = /^([A-Za-z_]\w*)(?:=(.*))?$/.exec(line) ?? [];
    const value = given ?? env[name ?? ''];
    if (name === undefined)
      faults.push({
        input: 'variables',
        message: `"${line.split('=')[0]}" is no name of a variable`,
        accepted: 'NAME, NAME=value',
      });
    else if (variables.has(name))
      faults.push({ input: 'variables', message: `${name} is given twice`, accepted: 'each name once' });
    else variables.set(name, value === undefined ? undefined : new Secret(value));
  }
  if (faults.length > 0) throw new InputError(faults);
  return variables;
}

/** `text` with each listed `${NAME}` as `write` gives it; `$${NAME}` becomes `${NAME}`. Others (`$NAME`, `$http_host`, names not listed) are not touched. */
export function substitute(
  text: string,
  variables: Variables,
  write: (value: string) => string = (value) => value,
): string {
  return text.replaceAll(NAMED, (whole, name: string) => {
    const value = variables.get(name);
    if (!variables.has(name)) return whole;
    if (whole.startsWith('$$')) return whole.slice(1);
    return value === undefined ? whole : write(value.reveal());
  });
}

/** The variables that a text names, with the offset of each; escaped ones are left out. */
export function namedIn(text: string): readonly { readonly name: string; readonly offset: number }[] {
  return [...text.matchAll(NAMED)]
    .filter(([whole]) => !whole.startsWith('$$'))
    .map((match) => ({ name: match[1] ?? '', offset: match.index }));
}

/** Braces of variables as characters of no meaning to YAML, one for one, so that offsets stay: `{ tag: ${TAG} }` is YAML then too. */
export function masked(text: string): string {
  return text.replaceAll(NAMED, (whole) =>
    whole.replaceAll('$', '\uE000').replace('{', '\uE001').replace('}', '\uE002'),
  );
}

/** Takes {@link masked} back. */
export function unmasked(text: string): string {
  return text.replaceAll('\uE000', '$').replaceAll('\uE001', '{').replaceAll('\uE002', '}');
}
