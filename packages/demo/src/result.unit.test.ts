import { expect, it } from 'vitest';
import { brokenPromises, type DemoResult } from './result.ts';

const good: DemoResult = {
  demo: 'whooper',
  stages: { lint: 1 },
  staging: 'succeeded',
  production: 'succeeded',
  broken: { outcome: 'failed', reason: 'crash-loop', rolledBack: true, seconds: 6 },
  requests: { total: 100, failed: 0, control: { total: 100, failed: 0 } },
};

it('has nothing to say of a run that went as told', () => {
  expect(brokenPromises(good)).toEqual([]);
});

it.each<[string, DemoResult]>([
  ['staging', { ...good, staging: 'failed' }],
  ['production', { ...good, production: 'timed-out' }],
  ['refused', { ...good, broken: { ...good.broken, outcome: 'succeeded' } }],
  ['crash-loop', { ...good, broken: { ...good.broken, reason: 'deadline' } }],
  ['before again', { ...good, broken: { ...good.broken, rolledBack: false } }],
  ['1 of 100 requests', { ...good, requests: { ...good.requests, failed: 1 } }],
  ['nothing was asked', { ...good, requests: { ...good.requests, total: 0 } }],
  ['control run', { ...good, requests: { ...good.requests, control: { total: 0, failed: 0 } } }],
  ['too busy', { ...good, requests: { ...good.requests, control: { total: 9, failed: 2 } } }],
])('says what was not kept: %s', (word, result) => {
  expect(brokenPromises(result)).toEqual([expect.stringContaining(word)]);
});
