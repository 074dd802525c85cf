import { InputError, type Secret } from '@deploy-actions/core';
import { addressOf, type Check } from './checks/check.ts';
import type { Expected } from './expected.ts';
import type { Inputs } from './inputs.ts';
import type { Threshold } from './load/thresholds.ts';
import type { Observed } from './observe.ts';
import type { Patience } from './wait.ts';

/** What will be asked, how often, and what is held against it. */
export interface Plan {
  readonly checks: readonly Check[];
  readonly headers: Readonly<Record<string, Secret>>;
  readonly followRedirect: boolean;
  readonly patience: Patience;
  readonly expected: Expected;
  readonly load:
    | { readonly thresholds: readonly Threshold[]; readonly iterations: number; readonly vus: number }
    | undefined;
}

/** Puts the inputs together. Throws InputError where a version is to be compared and the release tells none. */
export function plan(inputs: Inputs, { checks, thresholds, headers, expected }: Observed): Plan {
  const versioned = checks.find((check) => check.kind === 'http' && check.version !== undefined);
  if (versioned !== undefined && expected.shown === '') {
    throw new InputError([
      {
        input: 'checks',
        message: `"${versioned.name}" compares the version, and this release tells neither commit, version nor digest`,
        accepted: '`report:` with the handoff of the job that built it',
      },
    ]);
  }
  return {
    checks,
    headers,
    followRedirect: inputs['follow-redirect'],
    patience: {
      successThreshold: inputs['success-threshold'],
      maxAttempts: inputs['max-attempts'],
      retryDelay: inputs['retry-delay'],
    },
    expected,
    load: thresholds.length === 0 ? undefined : { thresholds, iterations: inputs.iterations, vus: inputs.vus },
  };
}

/** The plan as lines of the log. */
export function describe({ checks, patience, load }: Plan): readonly string[] {
  return [
    ...checks.map(
      (check) =>
        `ask ${check.name}${check.name === addressOf(check) ? '' : ` (${addressOf(check)})`} until it holds ${patience.successThreshold} times in a row`,
    ),
    ...(load === undefined
      ? []
      : [
          `then ${load.iterations} requests, ${load.vus} at once, within ${load.thresholds.map((threshold) => threshold.text).join(', ')}`,
        ]),
  ];
}
