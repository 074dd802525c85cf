import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ActionFolder } from '../repository.ts';

const WORKFLOWS = '.github/workflows';

/**
 * Assembles what a user's runner downloads at a tag: NAME/action.yml and README.md for each action, dist, the licence,
 * the root action where there is one and the reusable workflows; nothing else. `out` is made anew.
 */
export async function assembleRelease(root: string, actions: readonly ActionFolder[], out: string): Promise<void> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await cp(join(root, 'dist'), join(out, 'dist'), { recursive: true });
  await cp(join(root, 'LICENSE'), join(out, 'LICENSE'));
  if ((await readdir(root)).includes('action.yml')) await cp(join(root, 'action.yml'), join(out, 'action.yml'));
  for (const { name, path } of actions) {
    await mkdir(join(out, name));
    // One folder less lies between an action and dist than in the repository.
    const file = (await readFile(join(path, 'action.yml'), 'utf8')).replaceAll('../../dist/', '../dist/');
    await writeFile(join(out, name, 'action.yml'), file);
    await cp(join(path, 'README.md'), join(out, name, 'README.md'));
  }
  for (const workflow of await reusableWorkflows(join(root, WORKFLOWS))) {
    await mkdir(join(out, WORKFLOWS), { recursive: true });
    await cp(join(root, WORKFLOWS, workflow), join(out, WORKFLOWS, workflow));
  }
}

/** File names of the workflows below `folder` that others may call. */
async function reusableWorkflows(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const reusable: string[] = [];
  for (const name of names.filter((entry) => /\.ya?ml$/.test(entry)).sort()) {
    const workflow: unknown = parse(await readFile(join(folder, name), 'utf8'));
    const on = typeof workflow === 'object' && workflow !== null && 'on' in workflow ? workflow.on : undefined;
    if (typeof on === 'object' && on !== null && 'workflow_call' in on) reusable.push(name);
  }
  return reusable;
}
