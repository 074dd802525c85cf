import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { BASE_IMAGES, buildContexts } from './images.ts';

test('every base image has its Containerfile', () => {
  for (const { name } of BASE_IMAGES) {
    const file = fileURLToPath(new URL(`../../images/${name.replace(':', '/')}/Containerfile`, import.meta.url));
    expect(existsSync(file), file).toBe(true);
  }
});

test('builds take the base images from the sandbox that has them', () => {
  expect(buildContexts({ kind: 'cells', registry: 'localhost:20000' })).toContain(
    'nginx:1.22=docker://localhost:20000/nginx:1.22',
  );
  expect(buildContexts({ kind: 'kind', registry: 'localhost:20000' })).toEqual([]);
});
