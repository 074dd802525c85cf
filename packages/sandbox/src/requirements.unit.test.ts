import { expect, test } from 'vitest';
import { type Machine, missingRequirements } from './requirements.ts';

const GOOD: Machine = {
  platform: 'linux',
  isRoot: true,
  hasMemoryCgroup: true,
  availableMemory: 8 * 2 ** 30,
  freeWatchers: 100,
  namespaceFault: null,
};

test('a machine that has everything lacks nothing', () => {
  expect(missingRequirements(GOOD, 2)).toEqual([]);
});

test.each<[string, Partial<Machine>, RegExp]>([
  ['another system', { platform: 'darwin' }, /this is darwin.*--context/],
  ['not root', { isRoot: false }, /not root.*sudo/],
  ['no cgroups', { hasMemoryCgroup: false }, /no cgroups.*\/sys\/fs\/cgroup/],
  ['too little memory', { availableMemory: 3.5 * 2 ** 30 }, /3\.5 GiB are free, 4 are needed/],
  ['too few inotify instances', { freeWatchers: 7 }, /7 are free, 40 are needed.*sysctl/],
  [
    'no namespaces',
    { namespaceFault: 'unshare failed: Operation not permitted' },
    /Operation not permitted.*--privileged/,
  ],
])('%s is named with what to do', (_title, fault, sentence) => {
  const missing = missingRequirements({ ...GOOD, ...fault }, 2);
  expect(missing).toHaveLength(1);
  expect(missing[0]).toMatch(sentence);
});

test('all that is missing is told at once', () => {
  expect(missingRequirements({ ...GOOD, isRoot: false, hasMemoryCgroup: false, availableMemory: 0 }, 2)).toHaveLength(
    3,
  );
});
