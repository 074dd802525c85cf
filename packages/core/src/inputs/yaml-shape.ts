import * as v from 'valibot';
import type { Path, YamlDocument } from './yaml-document.ts';

export type ShapeResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly string[] };

/**
 * Checks a document against a schema. Text stays text: where the schema wants a string and YAML read a number, a boolean or null,
 * the scalar's text as written is taken (a commit `0123456`, a version `1.10`, a country `no`).
 * `secret` keeps values out of the faults, and keys too, which may be the rest of a value: `{ A: pass,word }` has the key `word`.
 */
export function checkShape<S extends v.GenericSchema>(
  schema: S,
  document: YamlDocument,
  secret: boolean,
): ShapeResult<v.InferOutput<S>> {
  const lists = listsForMappings(schema, document.value, []);
  if (lists.length > 0) {
    return {
      ok: false,
      faults: lists.map(
        (path) => `${whereOf(path, document, secret)}: expected a mapping, found a list${atLine(document, path)}`,
      ),
    };
  }
  let value = structuredClone(document.value);
  for (;;) {
    const result = v.safeParse(schema, value);
    if (result.success) return { ok: true, value: result.output };
    const corrected = result.issues.flatMap(flatten).reduce((changed, issue) => {
      const text = wantsText(issue) ? document.textOf(pathOf(issue)) : undefined;
      if (text === undefined || text === '') return changed;
      value = replaceAt(value, pathOf(issue), text);
      return true;
    }, false);
    if (!corrected)
      return { ok: false, faults: [...new Set(result.issues.map((issue) => sentenceOf(issue, document, secret)))] };
  }
}

/** To valibot a list is an object with the keys 0, 1, …; to whoever writes YAML it is another thing than a mapping. */
function listsForMappings(schema: v.GenericSchema, value: unknown, path: Path): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = (key: string | number, part: unknown, of: unknown) =>
    isSchema(of) ? listsForMappings(of, part, [...path, key]) : [];
  if ('wrapped' in schema && isSchema(schema.wrapped)) return listsForMappings(schema.wrapped, value, path);
  if ('item' in schema && Array.isArray(value)) return value.flatMap((part, index) => inside(index, part, schema.item));
  const entries = 'entries' in schema ? Object(schema.entries) : undefined;
  const isMapping = entries !== undefined || schema.type === 'record';
  if (!isMapping) return [];
  if (Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([key, part]) =>
    inside(key, part, entries === undefined ? ('value' in schema ? schema.value : undefined) : entries[key]),
  );
}

function isSchema(candidate: unknown): candidate is v.GenericSchema {
  return typeof candidate === 'object' && candidate !== null && 'kind' in candidate && candidate.kind === 'schema';
}

/** A union's issue holds those of its options. */
function flatten(issue: v.BaseIssue<unknown>): readonly v.BaseIssue<unknown>[] {
  return [issue, ...(issue.issues ?? []).flatMap(flatten).map((inner) => withPath(inner, issue))];
}

function withPath(inner: v.BaseIssue<unknown>, outer: v.BaseIssue<unknown>): v.BaseIssue<unknown> {
  if (outer.path === undefined) return inner;
  const [first, ...rest] = [...outer.path, ...(inner.path ?? [])];
  return first === undefined ? inner : { ...inner, path: [first, ...rest] };
}

function wantsText(issue: v.BaseIssue<unknown>): boolean {
  return (
    (issue.kind === 'schema' &&
      issue.type === 'string' &&
      ['number', 'boolean', 'bigint'].includes(typeof issue.input)) ||
    (issue.type === 'string' && issue.input === null)
  );
}

function pathOf(issue: v.BaseIssue<unknown>): Path {
  return (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
}

function replaceAt(value: unknown, [key, ...rest]: Path, text: string): unknown {
  if (key === undefined) return text;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? replaceAt(item, rest, text) : item));
  return { ...Object(value), [key]: replaceAt(Object(value)[key], rest, text) };
}

function sentenceOf(issue: v.BaseIssue<unknown>, document: YamlDocument, secret: boolean): string {
  const path = pathOf(issue);
  const at = atLine(document, path);
  if (issue.expected === 'never') {
    const parent = whereOf(path.slice(0, -1), document, secret);
    return secret ? `${parent} has an unknown key${at}` : `${parent} has the unknown key \`${path.at(-1)}\`${at}`;
  }
  const where = whereOf(path, document, secret);
  if (issue.input === undefined) return `${where} is required${at}`;
  const wanted =
    issue.kind === 'schema'
      ? `expected ${expectedKind(issue.expected)}, found ${kindOf(issue.input)}`
      : ruleOf(issue, secret);
  return `${where}: ${wanted}${at}`;
}

function atLine(document: YamlDocument, path: Path): string {
  const line = document.lineOf(path) ?? document.lineOf(path.slice(0, -1));
  return line === undefined ? '' : ` (line ${line})`;
}

/** A rule's own message is the schema author's sentence; the library's quotes the value after `but received`. */
function ruleOf(issue: v.BaseIssue<unknown>, secret: boolean): string {
  return secret || issue.message.startsWith('Invalid ')
    ? `must be ${issue.expected ?? 'of another form'}`
    : issue.message;
}

function whereOf(path: Path, document: YamlDocument, secret: boolean): string {
  if (path.length === 0) return 'the document';
  return secret ? `entry ${document.orderOf(path).join('.')}` : `\`${path.join('.')}\``;
}

/** The library names what it wants by JavaScript's types. */
function expectedKind(expected: string | null): string {
  return (expected ?? 'something else').replaceAll('Object', 'a mapping').replaceAll('Array', 'a list');
}

function kindOf(input: unknown): string {
  if (input === null) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  return typeof input === 'object' ? 'a mapping' : `a ${typeof input}`;
}
