import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isRecord } from '@deploy-actions/kubernetes';
import { parseFile } from './text/yaml.ts';

/** `Kind/name` → `file:line` where the user wrote the object that kustomize built. */
export type Origins = ReadonlyMap<string, string>;

/**
 * Finds the objects in the YAML files of the workspace's top-level folder that holds `folder`: kustomize doesn't say where an object
 * comes from. Of a base and its patches, which share a name, the longest document is taken for the object. Renamed ones aren't found.
 */
export async function originsBelow(folder: string, workspace: string): Promise<Origins> {
  const top = relative(workspace, folder).split(sep)[0] ?? '';
  const found = new Map<string, { readonly place: string; readonly length: number }>();
  for (const entry of await readdir(top === '' ? folder : join(workspace, top), {
    recursive: top !== '',
    withFileTypes: true,
  })) {
    if (!entry.isFile() || !/\.ya?ml$/.test(entry.name) || entry.parentPath.includes('node_modules')) continue;
    const path = join(entry.parentPath, entry.name);
    const file = relative(workspace, path);
    for (const [key, line, length] of objectsIn(file, await readFile(path, 'utf8'))) {
      if (length > (found.get(key)?.length ?? 0)) found.set(key, { place: `${file}:${line}`, length });
    }
  }
  return new Map([...found].map(([key, { place }]) => [key, place]));
}

function objectsIn(file: string, text: string): readonly (readonly [string, number, number])[] {
  try {
    const { documents, lineOf } = parseFile({ file, text });
    return documents.flatMap((document) => {
      const value: unknown = document.toJS();
      if (!isRecord(value) || typeof value.kind !== 'string' || !isRecord(value.metadata)) return [];
      const [start = 0, end = start] = document.contents?.range ?? document.range;
      return [[`${value.kind}/${String(value.metadata.name)}`, lineOf(start), end - start] as const];
    });
  } catch {
    // A template, or another tool's file: nothing that kustomize could have read as it is.
    return [];
  }
}
