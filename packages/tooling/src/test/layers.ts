/** The layers of tests, from the quickest; each is a project of vitest.config.ts. */
export const LAYERS = ['unit', 'contract', 'integration', 'e2e'] as const;
export type Layer = (typeof LAYERS)[number];

/** The layers that run against a real Kubernetes. */
export function needsSandbox(layer: Layer): boolean {
  return layer === 'integration' || layer === 'e2e';
}

/** How many tests passed and failed. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
}

export function sum(counts: readonly Count[]): Count {
  return counts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), {
    passed: 0,
    failed: 0,
  });
}
