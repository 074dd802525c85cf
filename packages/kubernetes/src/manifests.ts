import { ActionError } from '@deploy-actions/core';
import { type Document, isNode, LineCounter, parseAllDocuments, type Tags } from 'yaml';
import { isRecord, type KubeObject, keyOf, refOf } from './objects.ts';

/** `['spec', 'template', 'spec', 'containers', 0, 'image']` */
export type FieldPath = readonly (string | number)[];

export interface SourcePlace {
  /** Relative to the workspace. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/** One object as it stands in a file. */
export interface Manifest {
  readonly object: KubeObject;
  readonly place: SourcePlace;
  /** Where the user wrote it, when `place` is in a rendered file that says so (`# source: k8s/api.yaml:12`). */
  readonly source: SourcePlace | undefined;
  /** Where a field of it stands, or the deepest part of the path that is there. */
  placeOf(path: FieldPath): SourcePlace;
}

/** A file's text, with its path relative to the workspace. */
export interface ManifestFile {
  readonly file: string;
  readonly text: string;
}

const invalid = (message: string, place: SourcePlace, hint: string) =>
  new ActionError('invalid-manifest', `${place.file}:${place.line}: ${message}`, { hint, place });

/**
 * Parses YAML (as kubectl reads it: 0644 is octal, anchors and merge keys are resolved) and JSON into objects; Lists are flattened,
 * empty documents dropped.
 * @throws ActionError `invalid-manifest` with file and line: no YAML, a key twice, no apiVersion, kind or name, an object twice
 */
export function parseManifests(files: readonly ManifestFile[]): Manifest[] {
  const manifests = files.flatMap(parseFile);
  const seen = new Map<string, Manifest>();
  for (const manifest of manifests) {
    const key = keyOf(refOf(manifest.object));
    const twin = seen.get(key);
    if (twin !== undefined) {
      const { kind, metadata } = manifest.object;
      throw invalid(
        `${kind}/${metadata.name} is there twice, first at ${twin.place.file}:${twin.place.line}`,
        manifest.place,
        'remove one of them, or give them different namespaces',
      );
    }
    seen.set(key, manifest);
  }
  return manifests;
}

function parseFile({ file, text }: ManifestFile): Manifest[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    version: '1.1',
    merge: true,
    customTags: asKubectl,
    keepSourceTokens: false,
  });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const at = (offset: number): SourcePlace => ({ file, line: Math.max(1, lines.linePos(offset).line) });
    const error = document.errors[0];
    if (error !== undefined) {
      const template = /\{\{.*\}\}/.test(text);
      const hint = template ? 'this looks like a template: render it first' : 'correct the file';
      throw invalid(`not valid YAML: ${error.message}`, at(error.pos[0]), hint);
    }
    return objectsOf(document, at);
  });
}

/** kubectl's parser knows YAML 1.1's octal numbers and its words for true and false, but no times and no base 60. */
function asKubectl(tags: Tags): Tags {
  const known = tags.filter((tag) => {
    if (typeof tag === 'string') return !/time/i.test(tag);
    return tag.tag !== 'tag:yaml.org,2002:timestamp' && !('format' in tag && tag.format === 'TIME');
  });
  // YAML 1.2's octal numbers (0o17) it knows as well.
  return [...known, 'intOct'];
}

function objectsOf(document: Document.Parsed, at: (offset: number) => SourcePlace): Manifest[] {
  const start = at(document.contents?.range?.[0] ?? document.range[0]);
  const value = plainOf(document, start);
  if (value === null || value === undefined) return [];
  const source = sourceOf(`${document.commentBefore ?? ''}\n${document.contents?.commentBefore ?? ''}`);
  const locate =
    (prefix: FieldPath) =>
    (path: FieldPath): SourcePlace => {
      for (let length = path.length; length >= 0; length--) {
        const node = document.getIn([...prefix, ...path.slice(0, length)], true);
        if (isNode(node) && node.range) return at(node.range[0]);
      }
      return start;
    };
  if (!isRecord(value))
    throw invalid(
      'this document is no Kubernetes object but a single value or a list',
      start,
      'each document must be a mapping with apiVersion and kind',
    );
  if (typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items)) {
    return value.items.map((item: unknown, index) => {
      const placeOf = locate(['items', index]);
      return { object: checked(item, placeOf([])), place: placeOf([]), source, placeOf };
    });
  }
  return [{ object: checked(value, start), place: start, source, placeOf: locate([]) }];
}

/** Aliases nested so deep that they would fill the memory, and ones without an anchor, show only when the values are made. */
function plainOf(document: Document.Parsed, start: SourcePlace): unknown {
  try {
    return document.toJS();
  } catch {
    throw invalid(
      'an alias (*name) has no anchor before it, or aliases are nested too deep',
      start,
      'write out what the aliases stand for',
    );
  }
}

function checked(value: unknown, place: SourcePlace): KubeObject {
  const hint = 'a Kubernetes object has apiVersion, kind and metadata.name';
  if (!isRecord(value)) throw invalid('no Kubernetes object', place, hint);
  for (const field of ['apiVersion', 'kind'] as const) {
    if (typeof value[field] !== 'string' || value[field] === '') throw invalid(`${field} is missing`, place, hint);
  }
  if (!isRecord(value.metadata) || typeof value.metadata.name !== 'string' || value.metadata.name === '') {
    throw invalid(`metadata.name of this ${String(value.kind)} is missing or no text`, place, hint);
  }
  return value as KubeObject;
}

function sourceOf(comment: string): SourcePlace | undefined {
  const found = /^\s*source: (.+):(\d+)\s*$/m.exec(comment);
  return found?.[1] === undefined ? undefined : { file: found[1], line: Number(found[2]) };
}
