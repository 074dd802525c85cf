import type { Conclusion } from '@deploy-actions/core';
import type { Result } from './apply.ts';
import { addressOf } from './checks/check.ts';
import { failureOf, shownValue } from './results/results.ts';

/** Outputs and summary, the same for a passed and a failed test. */
export function report({ results, files }: Result): Conclusion {
  const failure = failureOf(results);
  const passed =
    results.checks.filter((result) => result.passed).length +
    results.thresholds.filter((result) => result.passed).length;
  const all = results.checks.length + results.thresholds.length;
  return {
    outcome: failure === undefined ? 'succeeded' : 'failed',
    ...(failure === undefined ? {} : { failure }),
    outputs: {
      passed: String(passed),
      failed: String(all - passed),
      p95: results.p95 === undefined ? '' : String(Math.round(results.p95 * 10) / 10),
      junit: files.junit,
      json: files.json,
    },
    summary: summary(results),
  };
}

function summary({ checks, thresholds }: Result['results']): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return [
    '| | check | found |',
    '|---|---|---|',
    ...checks.map(({ check, passed, failures, status, times }) => {
      const found = passed
        ? [status, times.length === 0 ? undefined : `${Math.round(times.at(-1) ?? 0)} ms`]
            .filter((part) => part !== undefined)
            .join(', ')
        : failures.map((failure) => failure.message).join('; ');
      return `| ${passed ? '✅' : '❌'} | ${cell(check.name)}${check.name === addressOf(check) ? '' : ` \`${cell(addressOf(check))}\``} | ${cell(found)} |`;
    }),
    ...thresholds.map(
      ({ threshold, value, passed }) =>
        `| ${passed ? '✅' : '❌'} | \`${threshold.text}\` | ${shownValue(threshold, value)} |`,
    ),
  ].join('\n');
}
