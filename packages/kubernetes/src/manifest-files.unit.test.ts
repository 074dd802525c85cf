import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readManifestFiles } from './manifest-files.ts';

const root = mkdtempSync(join(tmpdir(), 'manifests-'));
const workspace = join(root, 'workspace');
mkdirSync(join(workspace, 'k8s'), { recursive: true });
mkdirSync(join(root, 'outside'));
for (const file of [join(workspace, 'k8s', 'own.yaml'), join(root, 'outside', 'other.yaml')])
  writeFileSync(file, 'a: 1\n');
symlinkSync(join(root, 'outside'), join(workspace, 'link'));
symlinkSync(join(workspace, 'k8s'), join(workspace, 'inner'));
afterAll(() => rmSync(root, { recursive: true }));

test.each(['{../outside,k8s}/*.yaml', '[l]ink/*.yaml'])(
  'a glob may not lead out of the workspace: %s',
  async (glob) => {
    await expect(readManifestFiles([glob], workspace)).rejects.toMatchObject({ reason: 'error-input' });
  },
);

test.each(['{k8s,none}/*.yaml', '[i]nner/*.yaml', 'k8s'])('one that stays inside is read: %s', async (glob) => {
  const files = await readManifestFiles([glob], workspace);
  expect(files.map(({ text }) => text)).toEqual(['a: 1\n']);
});
