import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActionFolder } from '../repository.ts';
import { bundleSource, entrySource, findEntries } from './entries.ts';

describe('findEntries', () => {
  let path = '';
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'entries-'));
    await mkdir(join(path, 'src'));
    await writeFile(join(path, 'src/main.ts'), '');
  });
  afterEach(() => rm(path, { recursive: true }));

  const action = (runs: { main: string; post?: string }): ActionFolder => ({
    name: 'a',
    path,
    file: { name: 'a', description: '', inputs: {}, outputs: {}, runs: { using: 'node24', ...runs } },
  });

  it('finds main and post', async () => {
    await writeFile(join(path, 'src/post.ts'), '');
    const runs = { main: '../../dist/a/main.js', post: '../../dist/a/post.js' };
    expect(await findEntries([action(runs)])).toEqual([
      { action: 'a', stage: 'main' },
      { action: 'a', stage: 'post' },
    ]);
  });

  it('refuses an action.yml that points elsewhere', async () => {
    await expect(findEntries([action({ main: 'dist/main.js' })])).rejects.toThrow('must be ../../dist/a/main.js');
  });

  it('refuses a post step without sources, and sources without a post step', async () => {
    await expect(findEntries([action({ main: '../../dist/a/main.js', post: '../../dist/a/post.js' })])).rejects.toThrow(
      'runs.post',
    );
    await writeFile(join(path, 'src/post.ts'), '');
    await expect(findEntries([action({ main: '../../dist/a/main.js' })])).rejects.toThrow('runs.post is not there');
  });
});

describe('sources', () => {
  it('put each stage behind an import() of its own', () => {
    expect(bundleSource([{ action: 'a', stage: 'main' }])).toContain(
      "'a/main': () => import('./actions/a/src/main.js'),",
    );
    expect(entrySource({ action: 'a', stage: 'main' })).toContain("start('a/main')");
  });
});
