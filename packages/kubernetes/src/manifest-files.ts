import { glob, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ActionError, InputError, insideWorkspace } from '@deploy-actions/core';
import { type Manifest, type ManifestFile, parseManifests } from './manifests.ts';
import { keyOf, refOf } from './objects.ts';

const MANIFEST = /\.(ya?ml|json)$/;
const KUSTOMIZATION = /^(kustomization\.ya?ml|Kustomization)$/;

/**
 * Reads manifests from files, folders (with all below them) and globs, in the order given and by name within a folder.
 * Objects of rendered files are traced back to the files they were rendered from.
 * @throws ActionError `error-input` where a pattern finds nothing, `invalid-manifest` as parseManifests
 */
export async function readManifests(patterns: readonly string[], workspace: string): Promise<Manifest[]> {
  return await traced(parseManifests(await readManifestFiles(patterns, workspace)), workspace);
}

/**
 * The texts of the files that readManifests reads, not parsed.
 * @throws ActionError `error-input` where a pattern finds nothing, or a file outside of the workspace
 */
export async function readManifestFiles(patterns: readonly string[], workspace: string): Promise<ManifestFile[]> {
  const names = new Set<string>();
  for (const pattern of patterns) {
    for (const file of await filesOf(pattern, workspace)) names.add(file);
  }
  return await Promise.all([...names].map((name) => readOne(name, workspace)));
}

/** The files that a pattern stands for, absolute and sorted. */
async function filesOf(pattern: string, workspace: string): Promise<string[]> {
  const absolute = path.resolve(workspace, pattern);
  const kind = await stat(absolute).catch(() => undefined);
  if (kind?.isFile()) return [absolute];
  const wanted = kind?.isDirectory() ? '**/*.{yaml,yml,json}' : pattern;
  const found: string[] = [];
  for await (const entry of glob(wanted, { cwd: kind?.isDirectory() ? absolute : workspace, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || !MANIFEST.test(entry.name)) continue;
    if (KUSTOMIZATION.test(entry.name)) {
      throw new ActionError(
        'error-input',
        `${path.relative(workspace, entry.parentPath) || '.'} is a kustomization, not plain manifests`,
        {
          hint: 'render it first, with render-manifests in the step before',
        },
      );
    }
    found.push(file);
  }
  if (found.length === 0) {
    throw new ActionError('error-input', `no manifest is found at "${pattern}"`, {
      hint: 'give files, folders or globs with .yaml, .yml or .json files, relative to the workspace',
    });
  }
  // Braces and links lead a glob where its text does not show it, so each file that it found is looked at.
  const outside = found.map((file) => insideWorkspace(file, workspace)).find((checked) => !checked.ok);
  if (outside !== undefined && !outside.ok)
    throw new InputError([{ input: 'manifests', message: outside.message, accepted: 'files inside the workspace' }]);
  return found.sort();
}

async function readOne(file: string, workspace: string): Promise<ManifestFile> {
  return { file: path.relative(workspace, file), text: await readFile(file, 'utf8') };
}

/** Gives each object of a rendered file the lines of the file that the user wrote, where that file still has it. */
async function traced(manifests: readonly Manifest[], workspace: string): Promise<Manifest[]> {
  const origins = new Map<string, Map<string, Manifest>>();
  for (const file of new Set(manifests.flatMap((manifest) => manifest.source?.file ?? []))) {
    try {
      // The name stands in the rendered file, which anyone may have written.
      if (!insideWorkspace(file, workspace).ok) continue;
      const parsed = parseManifests([await readOne(path.resolve(workspace, file), workspace)]);
      origins.set(file, new Map(parsed.map((manifest) => [traceKey(manifest), manifest])));
    } catch {
      // Templates (charts, kustomizations) are no plain manifests; their lines can't be told.
    }
  }
  return manifests.map((manifest) => {
    const origin = origins.get(manifest.source?.file ?? '')?.get(traceKey(manifest));
    return origin === undefined ? manifest : { ...manifest, place: origin.place, placeOf: origin.placeOf };
  });
}

/** Rendering may have filled in the namespace. */
function traceKey({ object }: Manifest): string {
  return keyOf({ ...refOf(object), namespace: undefined });
}
