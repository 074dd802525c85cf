import { defineConfig } from 'vitest/config';

// One project a layer, so that `script/test LAYER` is `vitest --project LAYER`.
// Only the layers that need a cluster run one file at a time: they share one sandbox and two cores.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['{packages,actions}/*/src/**/*.unit.test.ts'] } },
      { test: { name: 'contract', include: ['test/contract/*.test.ts'], testTimeout: 60_000 } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/*.test.ts', '{packages,actions}/*/test/*.integration.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
