import { cp, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { ActionError, Context } from '@deploy-actions/core';
import { collecting } from '../faults.ts';
import { TEMPLATE } from '../sources.ts';
import { expandFile } from '../text/expand.ts';
import { namedIn, substitute, type Variables } from '../variables.ts';

const LEFT_OUT: ReadonlySet<string> = new Set(['.git', 'node_modules', '.deploy-actions']);

/** A kustomization with its variables filled in, outside of the workspace, where they may be secrets. */
export interface ExpandedCopy {
  /** The copied kustomization's folder. */
  readonly folder: string;
  readonly faults: readonly ActionError[];
}

/**
 * Copies the top-level folder of the workspace that holds `folder`, since overlays name their bases by `../..`, and expands every YAML
 * file and template in it; other top-level entries are linked. The copy is removed when the step ends.
 */
export async function expandedCopy(
  folder: string,
  variables: Variables,
  context: Pick<Context, 'runner' | 'onEnd'>,
): Promise<ExpandedCopy> {
  const { workspace, temp } = context.runner;
  const root = await mkdtemp(join(temp, 'deploy-actions-render-'));
  context.onEnd(() => rm(root, { recursive: true, force: true }));
  const way = relative(workspace, folder);
  const top = way.split(sep)[0] ?? '';
  for (const name of await readdir(workspace)) {
    if (LEFT_OUT.has(name)) continue;
    if (top === '' || name === top)
      await cp(join(workspace, name), join(root, name), {
        recursive: true,
        filter: (path) => !LEFT_OUT.has(basename(path)),
      });
    else await symlink(join(workspace, name), join(root, name));
  }
  const faults: ActionError[] = [];
  for (const entry of await readdir(join(root, top), { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await expandInPlace(join(entry.parentPath, entry.name), root, variables, faults);
  }
  return { folder: join(root, way), faults };
}

async function expandInPlace(path: string, root: string, variables: Variables, faults: ActionError[]): Promise<void> {
  const isTemplate = path.endsWith(TEMPLATE);
  const target = isTemplate ? path.slice(0, -TEMPLATE.length) : path;
  const isYaml = /(\.(ya?ml|json)|\/Kustomization)$/.test(target);
  if (!isYaml && !isTemplate) return;
  if (isTemplate) await rename(path, target);
  const text = await readFile(target, 'utf8');
  // Not all YAML below is ours to judge (values of charts, other tools' files): only what names a variable is read.
  if (!namedIn(text).some(({ name }) => variables.has(name)) && !text.includes('$${')) return;
  const file = relative(root, path);
  const expanded = isYaml
    ? collecting(faults, () => expandFile({ file, text }, variables))
    : { file: { text: substitute(text, variables) }, faults: [] };
  if (expanded === undefined) return;
  faults.push(...expanded.faults);
  await writeFile(target, expanded.file.text);
}

/** True where a folder has templates, which must be expanded even without variables. */
export async function hasTemplates(folder: string): Promise<boolean> {
  return (await readdir(folder)).some((name) => name.endsWith(TEMPLATE));
}
