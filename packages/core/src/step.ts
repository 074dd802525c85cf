import { join } from 'node:path';
import type { Runner } from './context.ts';
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

/** Begins a step, or its post step, which goes on in the evidence folder of the main one. */
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
    evidence: createEvidence(home, action, redactor, evidenceDir),
    reportPath: join(home, 'report.json'),
    seconds: () => Math.round((performance.now() - begun) / 100) / 10,
  };
}
