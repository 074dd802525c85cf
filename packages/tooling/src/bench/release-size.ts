import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { create } from 'tar';
import { assembleRelease } from '../release/assemble.ts';
import { findActions, ROOT } from '../repository.ts';
import { type Bench, rounded } from './bench.ts';

/** What a runner downloads to use any action of the suite: the release tree as tar.gz, the same bytes each time. */
export const releaseSize: Bench = {
  name: 'release-size',
  about: 'the release tree as tar.gz -9',
  async *run() {
    const tree = join(ROOT, 'build/bench-release');
    await assembleRelease(ROOT, await findActions(), tree);
    const files = await filesOf(tree);
    const archive = create({ cwd: tree, gzip: { level: 9 }, portable: true, noMtime: true, sync: true }, files);
    const bytes = archive.read()?.length ?? 0;
    yield {
      bench: 'release-size',
      case: 'suite',
      metric: 'gz-kb',
      unit: 'kB',
      ours: rounded(bytes / 1000),
      peer: null,
      peerName: null,
      ratio: null,
    };
  },
};

/** Paths relative to the folder, in an order that no file system decides. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
