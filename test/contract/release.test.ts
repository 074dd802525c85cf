// The tree that users download: whole, nothing more, nothing that points out of it, and dist as it is committed.
import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { differences, findActions, ROOT, releaseFaults } from '@deploy-actions/tooling';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { releaseTree } from './suite.ts';

let release: Awaited<ReturnType<typeof releaseTree>>;
beforeEach(async () => {
  release = await releaseTree();
});
afterEach(() => release.remove());

const at = (path: string) => join(release.tree, path);

describe('the release tree', () => {
  it('is whole', async () => expect(await releaseFaults(release.tree)).toEqual([]));

  it('holds the bytes of dist', async () => expect(await differences(join(ROOT, 'dist'), at('dist'))).toEqual([]));

  it('holds nothing but actions, dist, the licence and reusable workflows', async () => {
    const names = (await findActions()).map((action) => action.name);
    const allowed = new RegExp(
      `^(LICENSE|action\\.yml|dist/.+|(${names.join('|')})/(action\\.yml|README\\.md)|\\.github/workflows/[\\w-]+\\.yml)$`,
    );
    const entries = await readdir(release.tree, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(release.tree, join(entry.parentPath, entry.name)));
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
    for (const name of names) expect(files).toContain(`${name}/action.yml`);
  });
});

describe('releaseFaults finds', () => {
  const edit = async (path: string, change: (text: string) => string) =>
    writeFile(at(path), change(await readFile(at(path), 'utf8')));

  it.each([
    [
      'an entry that is missing',
      () => rm(at('dist/smoke-test/main.js')),
      'smoke-test/action.yml names ../dist/smoke-test/main.js',
    ],
    ['a chunk that is missing', () => rm(at('dist/index.js')), 'main.js imports ../index.js'],
    [
      'an entry outside of the tree',
      () => edit('smoke-test/action.yml', (text) => text.replace('../dist', '../../dist')),
      'names ../../dist',
    ],
    ['a symbolic link', () => symlink('/etc', at('dist/link')), 'dist/link is neither'],
    ["a machine's path", () => edit('dist/index.js', (text) => `${text}"/home/someone/x"`), "a machine's path"],
  ])('%s', async (_, breakIt, fault) => {
    await breakIt();
    expect((await releaseFaults(release.tree)).join('\n')).toContain(fault);
  });
});
