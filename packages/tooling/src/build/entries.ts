import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActionFolder } from '../repository.ts';

/** One process that a runner can start: a stage of an action. */
export interface Entry {
  readonly action: string;
  readonly stage: 'main' | 'post';
}

/**
 * The entries of the bundle, read off action.yml and the sources. Throws where the two disagree:
 * `main` must be `../../dist/NAME/main.js`, and `post` be there exactly where src/post.ts is.
 */
export async function findEntries(actions: readonly ActionFolder[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const { name, path, file } of actions) {
    for (const stage of ['main', 'post'] as const) {
      const wanted = (await exists(join(path, 'src', `${stage}.ts`))) ? `../../dist/${name}/${stage}.js` : undefined;
      if (file.runs[stage] !== wanted) {
        throw new Error(
          `actions/${name}/action.yml: runs.${stage} is ${file.runs[stage] ?? 'not there'}, but by its sources it must be ${wanted ?? 'left out'}`,
        );
      }
      if (wanted !== undefined) entries.push({ action: name, stage });
    }
  }
  return entries;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The one module that is bundled: each stage behind an import() of its own. Paths are relative to the emitted JavaScript. */
export function bundleSource(entries: readonly Entry[]): string {
  const loaders = entries.map(
    ({ action, stage }) => `  '${action}/${stage}': () => import('./actions/${action}/src/${stage}.js'),`,
  );
  return `const stages = {\n${loaders.join('\n')}\n};\nexport const start = (stage) => stages[stage]();\n`;
}

/** What action.yml points at. */
export function entrySource({ action, stage }: Entry): string {
  return `import { start } from '../index.js';\nawait start('${action}/${stage}');\n`;
}
