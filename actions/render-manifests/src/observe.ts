import { relative } from 'node:path';
import type { ActionError, Context } from '@deploy-actions/core';
import {
  type ManifestFile,
  type PinnedImage,
  readManifestFiles,
  readPins,
  releaseName,
} from '@deploy-actions/kubernetes';
import { collecting, throwTogether } from './faults.ts';
import type { Inputs } from './inputs.ts';
import { buildKustomization } from './kustomize/build.ts';
import { expandedCopy, hasTemplates } from './kustomize/copy.ts';
import { findKustomize } from './kustomize/program.ts';
import { type Origins, originsBelow } from './origins.ts';
import { readSources, type Source } from './sources.ts';
import { type Cluster, readCluster } from './target.ts';
import { expandFile } from './text/expand.ts';
import { readVariables, type Variables } from './variables.ts';

/** Rendered text, images not pinned yet, with where it comes from. */
export interface Observed {
  readonly files: readonly ManifestFile[];
  /** Where the objects of kustomizations were written. */
  readonly origins: Origins;
  readonly pinned: readonly PinnedImage[];
  readonly release: string;
  readonly cluster: Cluster;
  /** What this job's earlier steps left, by `context/namespace`. */
  readonly targets: Context['release']['targets'];
}

/** Reads the manifests, fills the variables in and has kustomize build: changes nothing. All faults of all files come together. */
export async function observe(inputs: Inputs, context: Context): Promise<Observed> {
  const sources = readSources(inputs, context.runner.workspace);
  const variables = readVariables(inputs.variables, context.env);
  const pinned = readPins(inputs.images, context.release.images);
  const release = releaseName(inputs['release-name'], context);
  const cluster = await readCluster(inputs, context);
  const files: ManifestFile[] = [];
  const faults: ActionError[] = [];
  const origins: Map<string, string> = new Map();
  for (const source of sources) {
    if (source.kind === 'plain') {
      files.push(...(await readPlain(source, variables, faults, context)));
    } else {
      const folder = relative(context.runner.workspace, source.folder) || '.';
      files.push({ file: folder, text: await render(source, folder, variables, faults, context) });
      for (const [key, place] of await originsBelow(source.folder, context.runner.workspace)) origins.set(key, place);
    }
  }
  throwTogether(faults);
  return { files, origins, pinned, release, cluster, targets: context.release.targets };
}

async function readPlain(
  { pattern }: Source & { kind: 'plain' },
  variables: Variables,
  faults: ActionError[],
  context: Context,
): Promise<readonly ManifestFile[]> {
  const files = await readManifestFiles([pattern], context.runner.workspace);
  return files
    .filter(({ file }) => !file.startsWith('.deploy-actions/'))
    .map((file) => {
      const expanded = collecting(faults, () => expandFile(file, variables));
      faults.push(...(expanded?.faults ?? []));
      return expanded?.file ?? file;
    });
}

async function render(
  { folder }: Source & { kind: 'kustomization' },
  shown: string,
  variables: Variables,
  faults: ActionError[],
  context: Context,
): Promise<string> {
  const program = await findKustomize(context);
  if (variables.size === 0 && !(await hasTemplates(folder)))
    return await buildKustomization(program, folder, shown, context);
  const copy = await expandedCopy(folder, variables, context);
  faults.push(...copy.faults);
  return copy.faults.length > 0 ? '' : await buildKustomization(program, copy.folder, shown, context);
}
