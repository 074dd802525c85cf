import { ActionError } from '@deploy-actions/core';
import { addressOf } from '../checks/check.ts';
import { holds, measured, percentile, type Samples, type Threshold } from '../load/thresholds.ts';
import type { CheckResult } from '../wait.ts';

/** A threshold with what was measured; undefined: nothing was. */
export interface ThresholdResult {
  readonly threshold: Threshold;
  readonly value: number | undefined;
  readonly passed: boolean;
}

/** All that the step found out. */
export interface Results {
  readonly checks: readonly CheckResult[];
  readonly thresholds: readonly ThresholdResult[];
  /** Milliseconds, of the load where there was one, else of all answers; undefined where nothing answered. */
  readonly p95: number | undefined;
}

/** Holds the samples against the thresholds. */
export function judge(
  checks: readonly CheckResult[],
  thresholds: readonly Threshold[],
  samples: Samples | undefined,
): Results {
  const empty: Samples = { times: [], requests: 0, failed: 0 };
  const judged = thresholds.map((threshold) => {
    const value = measured(threshold.measure, samples ?? empty);
    return { threshold, value, passed: value !== undefined && holds(threshold, value) };
  });
  const times = samples?.times ?? checks.flatMap((result) => result.times);
  return {
    checks,
    thresholds: judged,
    p95: percentile(
      times.toSorted((a, b) => a - b),
      95,
    ),
  };
}

/** Why the step fails, under the gravest reason first found; undefined where all passed. */
export function failureOf({ checks, thresholds }: Results): ActionError | undefined {
  const failed = checks.filter((result) => !result.passed);
  const [first] = failed;
  if (first !== undefined) return checkError(first, failed.slice(1));
  const [missed] = thresholds.filter((result) => !result.passed);
  if (missed === undefined) return undefined;
  if (missed.value === undefined) {
    return new ActionError('no-samples', `nothing was measured for ${missed.threshold.text}`, {
      hint: 'raise `timeout` so that the requests of `iterations` can be sent',
      retryable: true,
    });
  }
  const all = thresholds
    .filter((result) => !result.passed)
    .map(({ threshold, value }) => `${threshold.text} is ${shownValue(threshold, value)}`);
  return new ActionError('check-failed', `thresholds missed: ${all.join('; ')}`, {
    hint: 'look at the release, or at what shares its machines, for what makes it slow or fail',
  });
}

/** A measure's value with its unit. */
export function shownValue({ measure }: Threshold, value: number | undefined): string {
  if (value === undefined) return 'not measured';
  return measure.kind === 'rate' ? String(Math.round(value * 10_000) / 10_000) : `${Math.round(value * 10) / 10} ms`;
}

function checkError(first: CheckResult, more: readonly CheckResult[]): ActionError {
  const [failure] = first.failures;
  const others =
    more.length === 0 ? '' : `; ${more.length} more failed: ${more.map((result) => result.check.name).join(', ')}`;
  const after = `after ${first.attempts} ${first.attempts === 1 ? 'try' : 'tries'} in ${first.seconds.toFixed(1)} s`;
  if (failure === undefined) {
    const why =
      first.attempts === 0
        ? 'was not asked before the time was over'
        : 'did not hold often enough in a row before the time was over';
    return new ActionError(
      first.attempts === 0 ? 'no-samples' : 'check-failed',
      `check "${first.check.name}" ${why} (${after})${others}`,
      { hint: 'raise `timeout`, or lower `success-threshold`', retryable: true },
    );
  }
  return new ActionError(
    failure.reason,
    `check "${first.check.name}" (${addressOf(first.check)}): ${failure.message}, ${after}${others}`,
    { hint: HINTS[failure.reason], retryable: !failure.isFinal },
  );
}

const HINTS: Readonly<Record<CheckResult['failures'][number]['reason'], string>> = {
  'check-failed': 'look at the pods’ logs and at what stands before them; checks.json has every check’s last answer',
  'certificate-expiring': 'renew the certificate, and look at why that did not happen by itself',
  'version-mismatch':
    'look whether the rollout is done, and whether another deployment or a cache answers at this address',
  'error-network': 'check the address and the way to it from this runner',
  'error-input': 'correct the check',
};
