import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { path, paths } from './paths.ts';

const root = mkdtempSync(join(realpathSync(tmpdir()), 'paths-'));
const workspace = join(root, 'workspace');
mkdirSync(join(workspace, 'k8s'), { recursive: true });
mkdirSync(join(root, 'outside'));
writeFileSync(join(root, 'outside', 'secret'), 'x');
symlinkSync(join(root, 'outside'), join(workspace, 'out'));
symlinkSync(join(workspace, 'k8s'), join(workspace, 'in'));
symlinkSync(workspace, join(root, 'link'));
symlinkSync(join(root, 'outside', 'new'), join(workspace, 'dangling'));
symlinkSync('../outside/new', join(workspace, 'dangling-relative'));
symlinkSync('dangling', join(workspace, 'dangling-twice'));
symlinkSync('new', join(workspace, 'inside'));
symlinkSync('loop-b', join(workspace, 'loop-a'));
symlinkSync('loop-a', join(workspace, 'loop-b'));
afterAll(() => rmSync(root, { recursive: true }));
const surroundings = { workspace, env: {} };

describe('path', () => {
  it.each([
    ['k8s', 'k8s'],
    ['./k8s/../k8s/a.yaml', 'k8s/a.yaml'],
    ['in/new.yaml', 'in/new.yaml'],
    ['..hidden', '..hidden'],
    ['inside', 'inside'],
    ['loop-a', 'loop-a'],
    ['.', ''],
  ])('takes %s', (given, relative) => {
    expect(path().parse(given, surroundings)).toEqual({ ok: true, value: join(workspace, relative) });
  });

  it('takes an absolute path inside, also where the workspace is reached by a link', () => {
    expect(path().parse(join(workspace, 'k8s'), surroundings).ok).toBe(true);
    expect(path().parse('k8s', { workspace: join(root, 'link'), env: {} }).ok).toBe(true);
    expect(path().parse(join(workspace, 'k8s'), { workspace: join(root, 'link'), env: {} }).ok).toBe(true);
  });

  it.each([
    '..',
    '../outside',
    '/etc/passwd',
    'k8s/../../outside',
    'out/secret',
    'out/new',
    'dangling',
    'dangling-relative',
    'dangling-twice/x',
    'a\0b',
  ])('refuses %j', (given) => {
    expect(path().parse(given, surroundings)).toMatchObject({ ok: false, accepted: 'a path inside the workspace' });
  });
});

describe('paths', () => {
  it('keeps files, folders and globs as given', () => {
    expect(paths().parse('k8s\n# no\nk8s/*.yaml\n', surroundings)).toEqual({ ok: true, value: ['k8s', 'k8s/*.yaml'] });
  });

  it.each(['k8s\n../outside', '../*.yaml', 'k8s/../../*.yaml', 'out/*.yaml'])('refuses %j', (given) => {
    expect(paths().parse(given, surroundings).ok).toBe(false);
  });

  it('names all that lie outside', () => {
    expect(paths().parse('../a\nk8s\nout/b', surroundings)).toMatchObject({
      message: '`../a` is outside of the workspace; `out/b` leads out of the workspace by a symbolic link',
    });
  });
});
