import { type Context, InputError, type InputFault, Secret } from '@deploy-actions/core';
import type { Check } from './checks/check.ts';
import { readChecks } from './checks/read.ts';
import { type Expected, expectedVersion } from './expected.ts';
import type { Inputs } from './inputs.ts';
import { readThresholds, type Threshold } from './load/thresholds.ts';
import { requireServices } from './reach.ts';

/** The inputs, read; nothing is asked of any server yet. */
export interface Observed {
  readonly checks: readonly Check[];
  readonly thresholds: readonly Threshold[];
  readonly headers: Readonly<Record<string, Secret>>;
  readonly expected: Expected;
}

/** Throws InputError with the faults of every input. */
export async function observe(inputs: Inputs, context: Pick<Context, 'release' | 'redactor'>): Promise<Observed> {
  const faults: InputFault[] = [];
  const keep = (error: unknown): undefined => {
    if (!(error instanceof InputError)) throw error;
    faults.push(...error.faults);
    return undefined;
  };
  const checks = await readChecks(inputs).catch(keep);
  const headers = readHeaders(inputs.headers, faults);
  let thresholds: readonly Threshold[] = [];
  try {
    thresholds = readThresholds(inputs.thresholds);
    requireServices(checks ?? []);
  } catch (error) {
    keep(error);
  }
  if (thresholds.length > 0 && checks?.every((check) => check.kind === 'tcp'))
    faults.push({
      input: 'thresholds',
      message: 'measure requests, and there is no web address to ask',
      accepted: '`url`, or a check with `url`',
    });
  if (checks === undefined || faults.length > 0) throw new InputError(faults);
  hide(checks, headers, context.redactor);
  return { checks, thresholds, headers, expected: expectedVersion(context.release) };
}

/** What is sent may come back in an answer, and so in a failure's message. */
function hide(
  checks: readonly Check[],
  headers: Readonly<Record<string, Secret>>,
  redactor: Context['redactor'],
): void {
  const own = checks.flatMap((check) => (check.kind === 'http' ? Object.values(check.headers) : []));
  for (const value of [...own, ...Object.values(headers)]) {
    redactor.add(value);
    const credential = /^(?:Basic|Bearer|Token) (.+)$/i.exec(value.reveal())?.[1];
    if (credential !== undefined) redactor.add(credential);
  }
}

/** `Name: value` lines. Faults name the line by its number alone: it may be all secret. */
function readHeaders(lines: readonly Secret[], faults: InputFault[]): Readonly<Record<string, Secret>> {
  const headers: Record<string, Secret> = {};
  for (const [at, line] of lines.entries()) {
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*(.*)$/.exec(line.reveal()) ?? [];
    if (name === undefined || value === undefined)
      faults.push({ input: 'headers', message: `line ${at + 1} is no header`, accepted: 'Name: value' });
    else headers[name.toLowerCase()] = new Secret(value);
  }
  return headers;
}
