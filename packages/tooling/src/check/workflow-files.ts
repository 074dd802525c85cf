import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../repository.ts';

/** One workflow as GitHub would read it. */
export interface WorkflowText {
  /** Where it stands, relative to the root: `docs/x.md:12` for a snippet that begins there. */
  readonly place: string;
  /** How many lines of the file come before its first; less than 0 where lines were put around it. */
  readonly before: number;
  readonly text: string;
}

/** Every workflow file, ours and the examples', and every one in a Markdown page. */
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

/** What goes around a list of steps to make it a workflow. */
const AROUND_STEPS = 'on: push\npermissions: {}\njobs:\n  snippet:\n    runs-on: ubuntu-24.04\n    steps:\n';

/** The workflows, and lists of steps made workflows, among the YAML blocks of a Markdown page. */
export function snippets(path: string, page: string): WorkflowText[] {
  return [...page.matchAll(/^```ya?ml\n(.*?)^```/gms)].flatMap((block) => {
    const text = block[1] ?? '';
    const before = page.slice(0, block.index).split('\n').length;
    if (/^jobs:/m.test(text)) return [{ place: path, before, text }];
    if (!/^- /.test(text) || !/^(- | {2})uses:/m.test(text)) return [];
    const steps = AROUND_STEPS + text.replaceAll(/^(?=.)/gm, '      ');
    return [{ place: path, before: before - AROUND_STEPS.split('\n').length + 1, text: steps }];
  });
}
