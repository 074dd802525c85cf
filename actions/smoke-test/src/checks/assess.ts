import type { HttpAnswer, ReasonCode } from '@deploy-actions/core';
import type { Expected } from '../expected.ts';
import type { HttpCheck } from './check.ts';
import { asText, valuesAt } from './jsonpath.ts';

/** One assertion that did not hold. */
export interface Failure {
  readonly reason: Extract<
    ReasonCode,
    'check-failed' | 'certificate-expiring' | 'version-mismatch' | 'error-network' | 'error-input'
  >;
  /** What was expected and what was found, without the check's name. */
  readonly message: string;
  /** True where asking again cannot change it. */
  readonly isFinal: boolean;
}

const DAY_MS = 86_400_000;
const SHOWN = 120;

const failed = (message: string): Failure => ({ reason: 'check-failed', message, isFinal: false });

/** Compares an answer with all that its check says; empty where all of it holds. `now` is in epoch milliseconds. */
export async function assess(
  check: HttpCheck,
  answer: HttpAnswer,
  expected: Expected,
  now: number,
): Promise<readonly Failure[]> {
  const body = answer.text();
  return [
    ...statusFailures(check, answer),
    ...(await jsonFailures(check, body)),
    ...check.contains
      .filter((text) => !body.includes(text))
      .map((text) => failed(`the body does not contain "${text}"; it is ${shown(body)}`)),
    ...(check.matches !== undefined && !new RegExp(check.matches).test(body)
      ? [failed(`the body does not match ${check.matches}; it is ${shown(body)}`)]
      : []),
    ...headerFailures(check, answer),
    ...(await versionFailures(check, answer, body, expected)),
    ...certificateFailures(check, answer, now),
    ...(check.maxTime !== undefined && answer.timing.totalMs > check.maxTime
      ? [failed(`the answer took ${Math.round(answer.timing.totalMs)} ms, more than ${check.maxTime} ms`)]
      : []),
  ];
}

function statusFailures({ status }: HttpCheck, answer: HttpAnswer): readonly Failure[] {
  const fits = status === undefined ? answer.status >= 200 && answer.status < 300 : status.includes(answer.status);
  return fits
    ? []
    : [
        failed(
          `the status is ${answer.status}, not ${status?.join(' or ') ?? '2xx'}; the body is ${shown(answer.text())}`,
        ),
      ];
}

async function jsonFailures({ jsonpath }: HttpCheck, body: string): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  for (const [path, wanted] of Object.entries(jsonpath)) {
    const values = await valuesAt(body, path);
    if (values === undefined)
      failures.push(failed(`the body is no JSON, so ${path} cannot be "${wanted}"; it is ${shown(body)}`));
    else if (values.length === 0) failures.push(failed(`${path} finds nothing in the body; "${wanted}" is expected`));
    else if (!values.some((value) => asText(value) === wanted))
      failures.push(failed(`${path} is ${values.map((value) => shown(asText(value))).join(', ')}, not "${wanted}"`));
  }
  return failures;
}

function headerFailures({ header }: HttpCheck, answer: HttpAnswer): readonly Failure[] {
  return Object.entries(header).flatMap(([name, wanted]) => {
    const value = headerText(answer, name);
    if (value === undefined) return [failed(`there is no header ${name}; "${wanted}" is expected in it`)];
    return value.includes(wanted) ? [] : [failed(`the header ${name} is ${shown(value)}, without "${wanted}"`)];
  });
}

async function versionFailures(
  { version }: HttpCheck,
  answer: HttpAnswer,
  body: string,
  expected: Expected,
): Promise<readonly Failure[]> {
  if (version === undefined) return [];
  let found: string | undefined;
  if (version.in === 'header') found = headerText(answer, version.name);
  else if (version.in === 'jsonpath') found = (await valuesAt(body, version.path))?.map(asText)[0];
  else found = firstGroup(new RegExp(version.expression).exec(body));
  if (found !== undefined && expected.holds(found)) return [];
  const what =
    found === undefined
      ? `no version is found in the ${version.in === 'header' ? `header ${version.name}` : 'body'}`
      : `${shown(found)} answers`;
  return [{ reason: 'version-mismatch', message: `${what}, not ${expected.shown}`, isFinal: false }];
}

function certificateFailures({ certificateDays }: HttpCheck, answer: HttpAnswer, now: number): readonly Failure[] {
  if (certificateDays === undefined) return [];
  if (answer.certificate === undefined)
    return [
      {
        ...failed('there is no certificate to look at: the connection goes through a proxy or a port-forward'),
        isFinal: true,
      },
    ];
  const days = Math.floor((answer.certificate.validTo.getTime() - now) / DAY_MS);
  if (days >= certificateDays) return [];
  return [
    {
      reason: 'certificate-expiring',
      message: `the certificate of ${answer.certificate.subject} ends in ${days} days (${answer.certificate.validTo.toISOString().slice(0, 10)}), less than ${certificateDays}`,
      isFinal: true,
    },
  ];
}

function headerText(answer: HttpAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  return value === undefined || typeof value === 'string' ? value : value.join(', ');
}

function firstGroup(match: RegExpExecArray | null): string | undefined {
  return match?.[1] ?? match?.[0];
}

/** The start of a text in quotes, on one line. */
function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line === '') return 'empty';
  return `"${line.length > SHOWN ? `${line.slice(0, SHOWN)} …` : line}"`;
}
