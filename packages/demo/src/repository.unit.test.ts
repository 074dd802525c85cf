import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BROKEN_PATCH } from './play.ts';
import { exampleFolder, makeRepository } from './repository.ts';
import { ROOT } from './setup.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repository-'));
});

afterEach(() => rm(folder, { recursive: true }));

it('is a repository of its own, without what builds left behind', async () => {
  const from = join(folder, 'from');
  await mkdir(join(from, 'node_modules/left-out'), { recursive: true });
  await writeFile(join(from, 'node_modules/left-out/index.js'), '');
  await writeFile(join(from, 'README.md'), 'hello');
  const repository = await makeRepository(from, join(folder, 'to'), 'acme/whooper');
  expect((await readdir(repository.folder)).sort()).toEqual(['.git', 'README.md']);
  const { stdout } = await execa('git', ['remote', 'get-url', 'origin'], { cwd: repository.folder });
  expect(stdout).toBe('https://github.com/acme/whooper.git');
});

it('goes from branch to branch, and back to an earlier commit', async () => {
  const repository = await makeRepository(exampleFolder(ROOT), join(folder, 'whooper'), 'acme/whooper');
  const settings = join(repository.folder, 'backend/src/settings.ts');
  const first = await repository.checkout('develop');
  expect(await repository.checkout('main')).toBe(first);
  const broken = await repository.commitPatch(BROKEN_PATCH, 'Head the page with a title of its own');
  expect(broken).not.toBe(first);
  expect(await readFile(settings, 'utf8')).toContain("required(env, 'DASHBOARD_TITLE')");
  expect(await repository.checkout('develop', first)).toBe(first);
  expect(await readFile(settings, 'utf8')).not.toContain('DASHBOARD_TITLE');
});
