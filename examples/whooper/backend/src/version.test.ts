import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { builtVersion } from './version.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'version-'));
});

afterEach(() => rm(folder, { recursive: true }));

it('is what the build wrote', async () => {
  const file = join(folder, 'version');
  await writeFile(file, '4f2c\n');
  expect(await builtVersion(pathToFileURL(file))).toBe('4f2c');
});

it('is unknown outside of an image', async () => {
  expect(await builtVersion(pathToFileURL(join(folder, 'none')))).toBeUndefined();
});
