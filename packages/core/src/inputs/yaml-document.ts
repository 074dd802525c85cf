import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  Lexer,
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
  /** The text of a plain scalar as written (`0123456`, `1e3`, `yes`), or undefined where there is none. */
  textOf(path: Path): string | undefined;
  /** Every scalar value as text, keys left out: what a secret document has to hide. */
  readonly scalars: readonly string[];
  /** What keeps it from being read; none of them quotes a value. */
  readonly faults: readonly { readonly line: number | undefined; readonly message: string }[];
}

/** Reads one YAML 1.2 document. In a file `${NAME}` is expanded in every scalar; in place nothing is. */
export function readDocument({ text, file }: YamlSource, env: FieldSurroundings['env']): YamlDocument {
  const lines = new LineCounter();
  // Keys as they are written: the number 0123456 as a key would be another key.
  const document = parseDocument(text, {
    version: '1.2',
    prettyErrors: false,
    uniqueKeys: true,
    lineCounter: lines,
    stringKeys: false,
  });
  const lineAt = (offset: number) => lines.linePos(offset).line || undefined;
  const faults = [...document.errors, ...document.warnings].map(({ code, pos }) => ({
    line: lineAt(pos[0]),
    message: sentenceOf(code),
  }));
  if (faults.length > 0)
    return { value: undefined, lineOf: () => undefined, textOf: () => undefined, scalars: [], faults };

  const scalars: string[] = [];
  visit(document, {
    Pair(_, pair) {
      if (isScalar(pair.key)) pair.key.value = sourceOf(pair.key);
      else
        faults.push({
          line: isNode(pair.key) && pair.key.range ? lineAt(pair.key.range[0]) : undefined,
          message: 'a key must be plain text',
        });
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
      const offset = offsetOf(document, path);
      return offset === undefined ? undefined : lineAt(offset);
    },
    textOf: (path) => {
      const node = document.getIn(path, true);
      return isScalar(node) ? sourceOf(node) : undefined;
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

function offsetOf(document: Document, path: Path): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  const pair = isMap(parent) ? parent.items.find((item) => isScalar(item.key) && item.key.value === last) : undefined;
  const node = isPair(pair) ? pair.key : document.getIn(path, true);
  return (isNode(node) || isAlias(node)) && node.range ? node.range[0] : undefined;
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

/**
 * The lines, counted from 1, on which a comment follows something: in a secret document that is mostly
 * a password with ` #` in it, cut off.
 */
export function trailingComments(text: string): readonly number[] {
  const found: number[] = [];
  let line = 1;
  let occupied = false;
  let inScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (!inScalar && token.startsWith('#') && occupied) found.push(line);
    inScalar = token === SCALAR;
    for (const character of token) {
      if (character === '\n') {
        line += 1;
        occupied = false;
      } else if (!' \t\r\ufeff'.includes(character) && character >= ' ') occupied = true;
    }
  }
  return found;
}

/** The lexer's mark that the next token is a scalar's text. */
const SCALAR = '\x1f';
