import { join } from 'node:path';
import type { Runner } from './context.ts';
import { ActionError } from './errors.ts';
import { createEvidence, type Evidence } from './evidence.ts';
import { createLog, type Log } from './log.ts';
import { createRedactor, type Redactor } from './redact.ts';
import { homeOf, readRunner } from './runner.ts';

/** What a step has from its first moment on, before any input is read. */
export interface Step {
  readonly action: string;
  /** A snapshot of the environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runner: Runner;
  readonly redactor: Redactor;
  readonly log: Log;
  readonly evidence: Evidence;
  readonly reportPath: string;
  /** Since the step began, to the tenth. */
  seconds(): number;
}

/**
 * Begins a step, or its post step, which goes on in the evidence folder of the main one.
 * @throws ActionError `error-input` where the runner's folder for temporary files is none.
 */
export function beginStep(action: string, evidenceDir?: string): Step {
  const begun = performance.now();
  const env = { ...process.env };
  const runner = readRunner(env);
  const redactor = createRedactor();
  const home = homeOf(runner);
  return {
    action,
    env,
    runner,
    redactor,
    log: createLog(redactor),
    evidence: evidenceIn(home, action, redactor, evidenceDir),
    reportPath: join(home, 'report.json'),
    seconds: () => Math.round((performance.now() - begun) / 100) / 10,
  };
}

function evidenceIn(home: string, action: string, redactor: Redactor, existing: string | undefined): Evidence {
  try {
    return createEvidence(home, action, redactor, existing);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : '';
    throw new ActionError('error-input', `the folder ${home} for report and evidence cannot be made${code}`, {
      hint: 'RUNNER_TEMP must name a folder that this step may write to',
      cause,
    });
  }
}
