import * as core from '@actions/core';
import type { Action } from './action.ts';
import type { Runner } from './context.ts';
import { InputError, type InputFault } from './errors.ts';
import type { Fields } from './inputs/field.ts';
import { meaningfulLines } from './inputs/lines.ts';
import { secretsGiven } from './inputs/mask.ts';
import { inputVariable, parseInputs } from './inputs/parse.ts';
import { duration } from './inputs/scalars.ts';
import { commonInputs, SHORTEST_TIMEOUT_MS } from './inputs/shared.ts';
import type { ReleaseReport } from './report/schema.ts';
import { readReport } from './report/store.ts';
import type { Step } from './step.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a step starts from: its own inputs, those of every action, and the release as earlier steps and jobs left it. */
export interface StepStart<Inputs> {
  readonly inputs: Inputs;
  /** Milliseconds. */
  readonly timeout: number;
  readonly dryRun: boolean;
  readonly release: ReleaseReport;
}

interface Common {
  readonly timeout: number;
  readonly 'dry-run': boolean;
  readonly report: readonly string[];
}

/** @throws InputError with the faults of all inputs and of the reports together. */
export function readStep<Inputs, O, P, R>(
  action: Action<Inputs, O, P, R>,
  env: Env,
  runner: Runner,
  reportPath: string,
): StepStart<Inputs> {
  const faults: InputFault[] = [];
  // The intersection of two mapped types is not simplified for a type parameter; the fields are both, key by key.
  const fields = {
    ...commonInputs,
    timeout: duration({ default: action.timeout, min: SHORTEST_TIMEOUT_MS }),
    ...action.inputs,
  } as Fields<Inputs & Common>;
  const inputs = gather(faults, () => parseInputs(fields, env, { workspace: runner.workspace, env }));
  const release = gather(faults, () =>
    readReport({
      path: reportPath,
      lines: meaningfulLines(env[inputVariable('report')] ?? ''),
      handoff: env.DEPLOY_HANDOFF,
      workspace: runner.workspace,
    }),
  );
  if (inputs === undefined || release === undefined) throw new InputError(faults);
  return { inputs, timeout: inputs.timeout, dryRun: inputs['dry-run'], release: identified(release, env, runner) };
}

function gather<T>(faults: InputFault[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    faults.push(...error.faults);
    return undefined;
  }
}

/**
 * The release as this job and its environment tell it, for a step that ends before its inputs are read. Undefined where it cannot be read:
 * then nobody may write it anew, since a failed gate that it holds would be lost.
 */
export function releaseSoFar({
  reportPath,
  env,
  runner,
}: Pick<Step, 'reportPath' | 'env' | 'runner'>): ReleaseReport | undefined {
  const release = gather([], () =>
    readReport({ path: reportPath, lines: [], handoff: env.DEPLOY_HANDOFF, workspace: runner.workspace }),
  );
  return release === undefined ? undefined : identified(release, env, runner);
}

/** What an earlier job said of the release stays; the first step of the first job takes it from the runner. */
function identified(report: ReleaseReport, env: Env, runner: Runner): ReleaseReport {
  const release =
    report.release ?? (env[inputVariable('release-name')]?.trim() || runner.repository?.split('/').at(-1));
  const commit = report.commit ?? runner.commit;
  const run = report.run ?? runner.runUrl;
  return {
    ...report,
    ...(release === undefined ? {} : { release }),
    ...(commit === undefined ? {} : { commit }),
    ...(run === undefined ? {} : { run }),
  };
}

/** The runner would blot every place of a shorter one in the whole job's log. */
const SHORTEST_MASK = 4;

/** Hides every secret that the step was given, here and in the job's log, before anything is printed. */
export function maskInputs<Inputs, O, P, R>(
  action: Action<Inputs, O, P, R>,
  { env, runner, redactor }: Pick<Step, 'env' | 'runner' | 'redactor'>,
): void {
  for (const secret of secretsGiven(action.inputs, env, { workspace: runner.workspace, env })) {
    redactor.add(secret);
    const whole = secret.trim();
    if (whole.length >= SHORTEST_MASK) core.setSecret(whole);
  }
}
