import { DeadlineError } from '@deploy-actions/core';
import { type Asking, ask } from '../ask.ts';
import type { Check } from '../checks/check.ts';
import type { Samples } from './thresholds.ts';

/**
 * Sends `iterations` requests over the checks in turn, `vus` at once. A request that fails any assertion counts as failed; the step's
 * end stops it early, with what was measured by then. Throws only where the run is cancelled.
 */
export async function runLoad(
  checks: readonly Check[],
  iterations: number,
  vus: number,
  asking: Asking,
): Promise<Samples> {
  const times: number[] = [];
  let begun = 0;
  let done = 0;
  let failed = 0;
  const user = async () => {
    for (let at = begun++; at < iterations; at = begun++) {
      const check = checks[at % checks.length];
      if (check === undefined) return;
      const sample = await ask(check, asking);
      done += 1;
      if (sample.ms !== undefined) times.push(sample.ms);
      if (sample.failures.length > 0) failed += 1;
    }
  };
  const users = await Promise.allSettled(Array.from({ length: Math.min(vus, iterations) }, user));
  for (const outcome of users)
    if (outcome.status === 'rejected' && !(outcome.reason instanceof DeadlineError)) throw outcome.reason;
  return { times, requests: done, failed };
}
