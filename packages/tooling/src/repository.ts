import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ActionFile, readActionFile } from '@deploy-actions/harness';

/** The repository's root folder, absolute. */
export const ROOT = resolve(import.meta.dirname, '../../..');

/** One action of the suite. */
export interface ActionFolder {
  /** `deploy-rollout`. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly file: ActionFile;
}

/** Every folder of `actions/` with an action.yml, by name. Nobody lists them by hand. */
export async function findActions(root = ROOT): Promise<ActionFolder[]> {
  const folder = join(root, 'actions');
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const found = await Promise.all(
    names.map(async (name): Promise<ActionFolder | undefined> => {
      const path = join(folder, name);
      if (!(await readdir(path)).includes('action.yml')) return undefined;
      return { name, path, file: await readActionFile(join(path, 'action.yml')) };
    }),
  );
  return found.filter((action) => action !== undefined);
}
