import { expect, test } from 'vitest';
import { cacheFolder, stateFolder } from './folders.ts';

test('folders follow the XDG variables', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/c' })).toBe('/c/deploy-actions');
  expect(stateFolder('demo', { XDG_STATE_HOME: '/s' })).toBe('/s/deploy-actions/sandbox/demo');
});

test.each(['', '../up', 'Upper', '-edge', 'edge-', 'a b', 'a'.repeat(33)])('"%s" cannot name a sandbox', (name) => {
  expect(() => stateFolder(name)).toThrow(/cannot name a sandbox/);
});
