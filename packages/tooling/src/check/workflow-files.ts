import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../repository.ts';

/** One workflow as GitHub would read it. */
export interface WorkflowText {
  /** Where it stands, relative to the root: `docs/x.md:12` for a snippet that begins there. */
  readonly place: string;
  /** How many lines of the file come before it. */
  readonly before: number;
  readonly text: string;
}

/** Every workflow file, ours and the examples', and every YAML block with `jobs:` in a Markdown page. */
export async function findWorkflows(): Promise<WorkflowText[]> {
  const files = glob(['.github/workflows/*.{yml,yaml}', 'examples/**/.github/workflows/*.{yml,yaml}'], {
    cwd: ROOT,
    exclude,
  });
  const pages = glob(['*.md', '{docs,actions,examples,packages}/**/*.md'], { cwd: ROOT, exclude });
  const found: WorkflowText[] = [];
  for await (const path of files)
    found.push({ place: path, before: 0, text: await readFile(join(ROOT, path), 'utf8') });
  for await (const path of pages) found.push(...snippets(path, await readFile(join(ROOT, path), 'utf8')));
  return found.sort((a, b) => (a.place < b.place ? -1 : 1));
}

function exclude(path: string): boolean {
  return path.includes('node_modules');
}

/** The whole workflows among the YAML blocks of a Markdown page. */
export function snippets(path: string, page: string): WorkflowText[] {
  return [...page.matchAll(/^```ya?ml\n(.*?)^```/gms)]
    .filter((block) => /^jobs:/m.test(block[1] ?? ''))
    .map((block) => {
      const before = page.slice(0, block.index).split('\n').length;
      return { place: path, before, text: block[1] ?? '' };
    });
}
