import { csvAttributes } from './csv.ts';

/** Where layers are kept between runs: a `type` and its attributes, as buildx writes them. */
export interface CacheSpec {
  readonly type: CacheType;
  readonly attributes: Readonly<Record<string, string>>;
}

const TYPES = ['registry', 'local', 'gha', 'inline', 's3', 'azblob'] as const;
export type CacheType = (typeof TYPES)[number];

/** Reads a line of `cache-from` or `cache-to`: `type=registry,ref=…`, or a bare reference, which means the same. A string is the fault. */
export function parseCache(line: string): CacheSpec | string {
  const attributes = Object.fromEntries(csvAttributes(line));
  const { '': word, type = 'registry', ...rest } = attributes;
  if (word !== undefined) {
    return Object.keys(attributes).length === 1
      ? { type: 'registry', attributes: { ref: word } }
      : `"${line}": "${word}" is no attribute (accepted: key=value)`;
  }
  if (!isCacheType(type)) return `"${line}": there is no cache of type=${type} (accepted: ${TYPES.join(', ')})`;
  if (type === 'registry' && (rest.ref ?? '') === '') return `"${line}": type=registry needs ref=IMAGE`;
  if (type === 'local' && (rest.src ?? rest.dest ?? '') === '')
    return `"${line}": type=local needs src=FOLDER to read or dest=FOLDER to write`;
  return { type, attributes: rest };
}

/** A cache as buildx takes it. */
export function writeCache(cache: CacheSpec): string {
  return [
    `type=${cache.type}`,
    ...Object.entries(cache.attributes).map(([key, value]) => csvField(`${key}=${value}`)),
  ].join(',');
}

/** Quotes a CSV field where it must be. */
export function csvField(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function isCacheType(type: string): type is CacheType {
  return (TYPES as readonly string[]).includes(type);
}
