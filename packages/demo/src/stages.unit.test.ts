import { expect, it } from 'vitest';
import type { JobRun } from './engine/log.ts';
import { stageSeconds } from './stages.ts';

const job = (id: string, seconds: number, steps: Record<string, number> = {}): JobRun => ({
  id,
  name: `deploy/${id}`,
  result: 'success',
  seconds,
  steps: Object.entries(steps).map(([name, took]) => ({
    name,
    id: name,
    result: 'success',
    seconds: took,
    outputs: {},
  })),
});

it('tells steps by their stage and jobs by their own', () => {
  const jobs = [
    job('source', 9, { Install: 6, Lint: 0.51, 'Scan for secrets': 1.26 }),
    job('test', 12, { Install: 6, Compile: 2, Test: 3 }),
    job('build', 8.04),
    job('staging', 20.25),
  ];
  expect(stageSeconds(jobs)).toEqual({ lint: 0.5, scan: 1.3, test: 5, build: 8, staging: 20.3 });
});

it('counts legs that ran side by side by the longest', () => {
  expect(stageSeconds([job('test', 9, { Compile: 2, Test: 1 }), job('test', 9, { Compile: 4, Test: 2 })])).toEqual({
    test: 6,
  });
});
