import type { Context } from '@deploy-actions/core';
import { addressOf } from '../checks/check.ts';
import type { CheckResult } from '../wait.ts';
import { type Results, shownValue } from './results.ts';

/** Paths of the evidence. */
export interface ResultFiles {
  readonly junit: string;
  readonly json: string;
}

/** Writes checks.json and junit.xml; the evidence is redacted. */
export async function writeResults(results: Results, context: Pick<Context, 'evidence'>): Promise<ResultFiles> {
  return {
    json: await context.evidence.write('checks.json', asJson(results)),
    junit: await context.evidence.write('junit.xml', await asJunit(results)),
  };
}

function asJson({ checks, thresholds, p95 }: Results): object {
  return {
    passed: checks.filter((result) => result.passed).length,
    failed: checks.filter((result) => !result.passed).length,
    p95: p95 === undefined ? null : Math.round(p95 * 10) / 10,
    checks: checks.map(({ check, passed, failures, attempts, seconds, status, times }) => ({
      name: check.name,
      address: addressOf(check),
      passed,
      attempts,
      seconds: Math.round(seconds * 1000) / 1000,
      ...(status === undefined ? {} : { status }),
      ...(times.length === 0 ? {} : { lastMs: Math.round((times.at(-1) ?? 0) * 10) / 10 }),
      failures: failures.map(({ reason, message }) => ({ reason, message })),
    })),
    thresholds: thresholds.map(({ threshold, value, passed }) => ({
      threshold: threshold.text,
      value: value ?? null,
      passed,
    })),
  };
}

/** JUnit's XML with the elements that CI systems read. */
async function asJunit({ checks, thresholds }: Results): Promise<string> {
  const { default: Builder } = await import('fast-xml-builder');
  const builder = new Builder({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    format: true,
    suppressEmptyNode: true,
  });
  const suites = [
    suite('checks', checks.map(checkCase)),
    ...(thresholds.length === 0 ? [] : [suite('thresholds', thresholds.map(thresholdCase))]),
  ];
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: { '@name': 'smoke-test', testsuite: suites },
  });
}

/** One test; `problems` are empty where it passed. */
interface TestCase {
  readonly name: string;
  readonly classname: string;
  readonly seconds: number;
  readonly problems: readonly { readonly reason: string; readonly message: string }[];
}

function checkCase({ check, passed, failures, seconds }: CheckResult): TestCase {
  const timedOut =
    !passed && failures.length === 0 ? [{ reason: 'check-failed', message: 'did not hold often enough in a row' }] : [];
  return { name: check.name, classname: addressOf(check), seconds, problems: [...failures, ...timedOut] };
}

function thresholdCase({ threshold, value, passed }: Results['thresholds'][number]): TestCase {
  const problems = passed
    ? []
    : [{ reason: value === undefined ? 'no-samples' : 'check-failed', message: shownValue(threshold, value) }];
  return { name: threshold.text, classname: 'thresholds', seconds: 0, problems };
}

/** What could not be told is an error, what did not hold a failure. */
function suite(name: string, cases: readonly TestCase[]): object {
  const isError = ({ reason }: TestCase['problems'][number]) => reason.startsWith('error-');
  const element = ({ reason, message }: TestCase['problems'][number]) => ({
    '@message': printable(message),
    '@type': reason,
  });
  return {
    '@name': name,
    '@tests': cases.length,
    '@failures': cases.filter(({ problems }) => problems.some((problem) => !isError(problem))).length,
    '@errors': cases.filter(({ problems }) => problems.some(isError)).length,
    testcase: cases.map(({ name: ofCase, classname, seconds, problems }) => ({
      '@name': printable(ofCase),
      '@classname': printable(classname),
      '@time': seconds.toFixed(3),
      failure: problems.filter((problem) => !isError(problem)).map(element),
      error: problems.filter(isError).map(element),
    })),
  };
}

/** XML 1.0 has no way to write control characters. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}
