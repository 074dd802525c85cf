import { DeadlineError, sleep } from '@deploy-actions/core';
import { type Asking, ask, type Sample } from './ask.ts';
import type { Failure } from './checks/assess.ts';
import type { Check } from './checks/check.ts';

/** How long to go on. */
export interface Patience {
  /** Successes in a row that make a check passed. */
  readonly successThreshold: number;
  /** Failed tries after which the check is given up; undefined: when the step's time is over. */
  readonly maxAttempts: number | undefined;
  /** Milliseconds after a failure; after a success the next follows at latest in a second. */
  readonly retryDelay: number;
}

/** What became of one check. */
export interface CheckResult {
  readonly check: Check;
  readonly passed: boolean;
  /** Of the last try; empty where it passed. */
  readonly failures: readonly Failure[];
  readonly attempts: number;
  readonly seconds: number;
  /** Milliseconds of every answer. */
  readonly times: readonly number[];
  readonly status: number | undefined;
}

const LONGEST_PAUSE_BETWEEN_SUCCESSES_MS = 1000;

/**
 * Asks until the check holds so many times in a row, its tries or the step's time are over, or nothing can change any more.
 * Throws only where the run is cancelled.
 */
export async function waitFor(check: Check, patience: Patience, asking: Asking): Promise<CheckResult> {
  const begun = performance.now();
  const times: number[] = [];
  let attempts = 0;
  let failed = 0;
  let inARow = 0;
  let last: Sample | undefined;
  const result = (passed: boolean): CheckResult => ({
    check,
    passed,
    failures: passed ? [] : (last?.failures ?? []),
    attempts,
    seconds: (performance.now() - begun) / 1000,
    times,
    status: last?.status,
  });
  try {
    for (;;) {
      const sample = await ask(check, asking);
      last = sample;
      attempts += 1;
      if (sample.ms !== undefined) times.push(sample.ms);
      const holds = sample.failures.length === 0;
      inARow = holds ? inARow + 1 : 0;
      failed += holds ? 0 : 1;
      if (inARow >= patience.successThreshold) return result(true);
      if (sample.failures.some((failure) => failure.isFinal) || failed === patience.maxAttempts) return result(false);
      await sleep(
        inARow > 0 ? Math.min(patience.retryDelay, LONGEST_PAUSE_BETWEEN_SUCCESSES_MS) : patience.retryDelay,
        asking.context.signal,
      );
    }
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    return result(false);
  }
}
