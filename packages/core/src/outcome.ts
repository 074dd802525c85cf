/**
 * How a step ended. The last three fail the step; `unchanged` says that there was nothing to do (or `dry-run` stopped it).
 */
export const OUTCOMES = ['succeeded', 'unchanged', 'failed', 'timed-out', 'cancelled'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** True where the step must exit with 1. */
export function failsStep(outcome: Outcome): boolean {
  return outcome === 'failed' || outcome === 'timed-out' || outcome === 'cancelled';
}
