import { ActionError } from '@deploy-actions/core';
import type { ManifestFile } from '@deploy-actions/kubernetes';
import { type Document, isScalar, LineCounter, parseAllDocuments, type Scalar } from 'yaml';

/** A file's documents with where things stand in it. Ranges of nodes are offsets into the file's text. */
export interface ParsedFile {
  readonly documents: readonly Document.Parsed[];
  /** Line of an offset, from 1. */
  lineOf(offset: number): number;
}

/**
 * Parses a file for editing: YAML 1.1's words as kubectl reads them, merge keys, every scalar with its range.
 * Throws ActionError `invalid-manifest` with file and line.
 */
export function parseFile({ file, text }: ManifestFile): ParsedFile {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    version: '1.1',
    merge: true,
    keepSourceTokens: true,
  });
  const documents = Array.isArray(parsed) ? (parsed as readonly Document.Parsed[]) : [];
  const lineOf = (offset: number) => Math.max(1, lines.linePos(offset).line);
  for (const document of documents) {
    const [error] = document.errors;
    if (error === undefined) continue;
    const line = lineOf(error.pos[0]);
    throw new ActionError('invalid-manifest', `${file}:${line}: not valid YAML: ${error.message}`, {
      hint: text.includes('{{') ? 'this looks like a template of a chart: render it first' : 'correct the file',
      place: { file, line },
    });
  }
  return { documents, lineOf };
}

/** A scalar's place in the text, without what follows it on the line; undefined for one that isn't in the text. */
export function sourceRange(scalar: Scalar): readonly [number, number] | undefined {
  return scalar.range === undefined || scalar.range === null ? undefined : [scalar.range[0], scalar.range[1]];
}

/**
 * `value` as YAML on one line: plain where YAML reads it back as this very scalar, else in double quotes. So nothing that stands in a
 * value can become structure.
 */
export function scalarText(value: string): string {
  // As a value of a block mapping and as an item of a flow list: the stricter of the two decides, wherever it is to stand.
  return plainIn(`k: ${value}`, 'k', value) && plainIn(`[${value}]`, 0, value) ? value : JSON.stringify(value);
}

function plainIn(text: string, key: string | number, value: string): boolean {
  const documents = parseAllDocuments(text, { version: '1.1', prettyErrors: false });
  const [document, ...more] = Array.isArray(documents) ? (documents as readonly Document.Parsed[]) : [];
  const node = document?.getIn([key], true);
  return (
    document !== undefined &&
    more.length === 0 &&
    document.errors.length === 0 &&
    isScalar(node) &&
    node.type === 'PLAIN' &&
    node.source === value
  );
}
