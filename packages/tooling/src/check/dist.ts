import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build } from '../build/build.ts';
import { ROOT } from '../repository.ts';
import type { Check } from './check.ts';

/** dist holds exactly what a fresh build makes: no byte more, committed or not, and none less. */
export const distIsFresh: Check = {
  name: 'dist is a fresh build',
  async run() {
    const fresh = join(ROOT, 'build/check-dist');
    await build({ out: fresh, work: 'check-js' });
    const faults = await differences(fresh, join(ROOT, 'dist'));
    return faults.length === 0 ? [] : [...faults.map((fault) => `dist/${fault}`), 'run script/build and commit dist'];
  },
};

/** The files in which two folders differ, a line each. */
export async function differences(wanted: string, found: string): Promise<string[]> {
  const [before, after] = await Promise.all([filesOf(wanted), filesOf(found)]);
  const faults: string[] = [];
  for (const [path, content] of before) {
    const other = after.get(path);
    if (other === undefined) faults.push(`${path} is missing`);
    else if (!other.equals(content)) faults.push(`${path} differs`);
  }
  for (const path of after.keys()) if (!before.has(path)) faults.push(`${path} should not be there`);
  return faults.sort();
}

async function filesOf(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.map(async (path) => [relative(folder, path), await readFile(path)] as const)));
}
