import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { InputError } from '@deploy-actions/core';
import type { Inputs } from './inputs.ts';

/** What a line of `manifests` stands for. */
export type Source =
  /** Files, a folder of files, or a glob, relative to the workspace. */
  | { readonly kind: 'plain'; readonly pattern: string }
  /** A kustomization's folder, absolute. */
  | { readonly kind: 'kustomization'; readonly folder: string };

const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
/** A kustomization with variables in it, as envsubst's users name it. */
export const TEMPLATE = '.template';

/** Tells the lines of `manifests` apart by what their folders hold. Throws InputError: a chart, or a folder that isn't what `render-engine` says. */
export function readSources(
  { manifests, 'render-engine': engine }: Pick<Inputs, 'manifests' | 'render-engine'>,
  workspace: string,
): readonly Source[] {
  const faults = manifests.flatMap((pattern) => {
    const folder = folderOf(pattern, workspace);
    if (folder === undefined) return [];
    const kustomization = kustomizationIn(folder) !== undefined;
    if (existsSync(join(folder, 'Chart.yaml')) && !(kustomization && engine !== undefined) && engine !== 'none') {
      return [
        {
          input: 'manifests',
          message: `"${pattern}" is a Helm chart, which this action does not render`,
          accepted: 'plain manifests or a kustomization; render the chart with `helm template` in a step before',
        },
      ];
    }
    return engine === 'kustomize' && !kustomization
      ? [
          {
            input: 'manifests',
            message: `"${pattern}" holds no kustomization.yaml`,
            accepted: 'a kustomization, or `render-engine: none`',
          },
        ]
      : [];
  });
  if (faults.length > 0) throw new InputError(faults);
  return manifests.map((pattern): Source => {
    const folder = folderOf(pattern, workspace);
    return folder !== undefined && engine !== 'none' && kustomizationIn(folder) !== undefined
      ? { kind: 'kustomization', folder }
      : { kind: 'plain', pattern };
  });
}

/** The folder that a line names, itself or by its kustomization file; undefined for other files and globs. */
function folderOf(pattern: string, workspace: string): string | undefined {
  const path = resolve(workspace, pattern);
  if (!existsSync(path)) return undefined;
  if (statSync(path).isDirectory()) return path;
  return isKustomization(relative(dirname(path), path)) ? dirname(path) : undefined;
}

/** The name of a folder's kustomization, a template's before its suffix is gone; undefined where there is none. */
export function kustomizationIn(folder: string): string | undefined {
  return [...KUSTOMIZATIONS, ...KUSTOMIZATIONS.map((name) => `${name}${TEMPLATE}`)].find((name) =>
    existsSync(join(folder, name)),
  );
}

function isKustomization(name: string): boolean {
  return KUSTOMIZATIONS.includes(name.replace(/\.template$/, ''));
}
