import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';
import type { FieldSurroundings } from './field.ts';
import { expandVariables, type YamlSource } from './yaml-source.ts';

export type Path = readonly (string | number)[];

/** A YAML document as plain values, with the way back from a value to its text and line. */
export interface YamlDocument {
  readonly value: unknown;
  /** The line of a key or item, counted from 1. */
  lineOf(path: Path): number | undefined;
  /** Which entry of the document it is, of that which entry, and so on, counted from 1; as far as the path leads. */
  orderOf(path: Path): readonly number[];
  /** The text of a plain scalar as written (`0123456`, `1e3`, `yes`), or undefined where there is none. */
  textOf(path: Path): string | undefined;
  /** Every scalar value as text, keys left out: what a secret document has to hide. */
  readonly scalars: readonly string[];
  /** What keeps it from being read; none of them quotes a value. */
  readonly faults: readonly { readonly line: number | undefined; readonly message: string }[];
}

/** What an object cannot hold, or the schemas' library leaves out without a word. */
const UNUSABLE_KEYS: readonly string[] = ['__proto__', 'prototype', 'constructor'];

/** Reads one YAML 1.2 document. In a file `${NAME}` is expanded in every scalar; in place nothing is. */
export function readDocument({ text, file }: YamlSource, env: FieldSurroundings['env']): YamlDocument {
  const lines = new LineCounter();
  // Keys as they are written: the number 0123456 as a key would be another key.
  const document = parseDocument(text, {
    version: '1.2',
    prettyErrors: false,
    uniqueKeys: (one, other) => isScalar(one) && isScalar(other) && sourceOf(one) === sourceOf(other),
    lineCounter: lines,
    stringKeys: false,
  });
  const lineAt = (offset: number) => lines.linePos(offset).line || undefined;
  const faults = [...document.errors, ...document.warnings].map(({ code, pos }) => ({
    line: lineAt(pos[0]),
    message: sentenceOf(code),
  }));
  if (faults.length > 0)
    return {
      value: undefined,
      lineOf: () => undefined,
      orderOf: () => [],
      textOf: () => undefined,
      scalars: [],
      faults,
    };

  const scalars: string[] = [];
  visit(document, {
    Pair(_, pair) {
      const wrong = (message: string) =>
        faults.push({
          line: isNode(pair.key) && pair.key.range ? lineAt(pair.key.range[0]) : undefined,
          message,
        });
      if (!isScalar(pair.key)) return void wrong('a key must be plain text');
      const name = sourceOf(pair.key);
      pair.key.value = name;
      if (UNUSABLE_KEYS.includes(name)) wrong(`a key cannot be ${UNUSABLE_KEYS.join(' or ')}`);
      if (file !== undefined && name.includes('${')) wrong('a key holds a variable, which only a value can');
    },
    Scalar(key, scalar) {
      if (key === 'key') return;
      if (file !== undefined)
        expandScalar(scalar, env, (name) =>
          faults.push({
            line: scalar.range ? lineAt(scalar.range[0]) : undefined,
            message: `\${${name}} has no value in this step's environment`,
          }),
        );
      scalars.push(sourceOf(scalar));
    },
  });
  return {
    value: faults.length > 0 ? undefined : plainValue(document, faults),
    lineOf: (path) => {
      const { order, offset } = locate(document, path);
      return order.length < path.length || offset === undefined ? undefined : lineAt(offset);
    },
    orderOf: (path) => locate(document, path).order,
    textOf: (path) => {
      const { order, node } = locate(document, path);
      return order.length === path.length && isScalar(node) ? sourceOf(node) : undefined;
    },
    scalars,
    faults,
  };
}

/** An alias bomb, and an alias without its anchor, show only when the values are made. */
function plainValue(document: Document, faults: { line: number | undefined; message: string }[]): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    faults.push({
      line: undefined,
      message: 'an alias (`*name`) has no anchor before it, or aliases are nested too deep',
    });
    return undefined;
  }
}

function expandScalar(scalar: Scalar, env: FieldSurroundings['env'], onMissing: (name: string) => void): void {
  if (typeof scalar.value !== 'string') return;
  const { text, missing } = expandVariables(scalar.value, env);
  for (const name of missing) onMissing(name);
  scalar.source = text;
  // As YAML itself would: unquoted digits are a number wherever no text is wanted.
  scalar.value = scalar.type === 'PLAIN' ? asPlain(text) : text;
}

function asPlain(text: string): string | number | boolean {
  if (/^[-+]?(\d+|\d*\.\d+)(e[-+]?\d+)?$/i.test(text)) return Number(text);
  return /^(true|True|TRUE)$/.test(text) || (/^(false|False|FALSE)$/.test(text) ? false : text);
}

function sourceOf(scalar: Scalar): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? '');
}

interface Location {
  /** One number a part of the path that was found. */
  readonly order: readonly number[];
  readonly node: unknown;
  /** Where the key or the item begins. */
  readonly offset: number | undefined;
}

/** Follows `path` as far as it leads, through aliases too. */
function locate(document: Document, path: Path): Location {
  const start: Location = { order: [], node: document.contents, offset: document.contents?.range?.[0] };
  return path.reduce<Location>((found, part, depth) => {
    if (found.order.length < depth) return found;
    const { node: holder } = found;
    const keys = isMap(holder) ? holder.items.map(({ key }) => key) : isSeq(holder) ? holder.items : [];
    const index = isMap(holder) ? keys.findIndex((key) => isScalar(key) && key.value === part) : Number(part);
    const shown = keys[index];
    if (!isNode(shown)) return found;
    const value = isMap(holder) ? holder.items[index]?.value : shown;
    return {
      order: [...found.order, index + 1],
      node: isAlias(value) ? value.resolve(document) : value,
      offset: shown.range?.[0],
    };
  }, start);
}

/** One sentence for the library's error code; its own messages may quote the text, which may be secret. */
function sentenceOf(code: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'the key stands there twice';
    case 'TAB_AS_INDENT':
      return 'a tab stands where YAML wants blanks';
    case 'MULTIPLE_DOCS':
      return 'a second document begins; one is expected';
    case 'BAD_INDENT':
      return 'the indentation does not fit';
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'text that holds `: ` or a line break needs quotes';
    default:
      return `is no valid YAML (${code.toLowerCase().replaceAll('_', ' ')})`;
  }
}
