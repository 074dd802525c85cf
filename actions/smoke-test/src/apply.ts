import type { Context } from '@deploy-actions/core';
import type { Asking } from './ask.ts';
import type { Inputs } from './inputs.ts';
import { runLoad } from './load/run.ts';
import type { Plan } from './plan.ts';
import { waysInto } from './reach.ts';
import { type ResultFiles, writeResults } from './results/files.ts';
import { judge, type Results } from './results/results.ts';
import { waitFor } from './wait.ts';

/** What was found out, and where it is written. */
export interface Result {
  readonly results: Results;
  readonly files: ResultFiles;
}

/** A request that takes longer tells enough, and must not eat the time of all others. */
const LONGEST_REQUEST_MS = 10_000;

/** Waits for all checks side by side, then measures where thresholds ask for it. Changes nothing anywhere but what the checks' own requests do. */
export async function apply(plan: Plan, inputs: Inputs, context: Context): Promise<Result> {
  const asking: Asking = {
    headers: plan.headers,
    followRedirect: plan.followRedirect,
    expected: plan.expected,
    ways: waysInto(inputs, context),
    timeoutMs: Math.min(LONGEST_REQUEST_MS, context.deadline.total / 2),
    context,
  };
  const checks = await Promise.all(
    plan.checks.map(async (check) => {
      const result = await waitFor(check, plan.patience, asking);
      context.log.info(
        `${result.passed ? 'passed' : 'FAILED'}  ${check.name}  (${result.attempts} tries, ${result.seconds.toFixed(1)} s)${result.failures.map((failure) => `\n        ${failure.message}`).join('')}`,
      );
      return result;
    }),
  );
  const { load } = plan;
  const web = plan.checks.filter((check) => check.kind === 'http');
  const samples =
    load !== undefined && checks.every((result) => result.passed)
      ? await runLoad(web, load.iterations, load.vus, asking)
      : undefined;
  const results = judge(
    checks,
    samples === undefined && checks.some((result) => !result.passed) ? [] : (load?.thresholds ?? []),
    samples,
  );
  return { results, files: await writeResults(results, context) };
}
