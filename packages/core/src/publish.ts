import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@actions/core';
import type { Conclusion } from './action.ts';
import type { Log } from './log.ts';
import { failsStep } from './outcome.ts';
import type { Redactor } from './redact.ts';
import { toHandoff } from './report/handoff.ts';
import { patchReport } from './report/merge.ts';
import type { ReleaseReport, ReportPatch, ReportStep } from './report/schema.ts';
import { extendReport } from './report/store.ts';
import { verdictLine, verdictMarkdown } from './verdict.ts';

/** What is known of a step when it ends, however early. */
export interface StepFacts {
  readonly action: string;
  /** Names of the action's own outputs. */
  readonly outputs: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly evidenceDir: string;
  readonly reportPath: string;
  /** The report so far; undefined where there is one that cannot be read. */
  readonly release: ReleaseReport | undefined;
  readonly seconds: number;
}

/** GitHub refuses a step's summary above 1 MiB. */
const LONGEST_SUMMARY = 1_000_000;

/**
 * Sets outputs, report, handoff, verdict, summary and annotation. What later steps live on is written first and synchronously, so that
 * nothing is lost when the runner kills us; no part that fails keeps the others from being written. Yields the exit code.
 */
export async function publish(facts: StepFacts, conclusion: Conclusion): Promise<0 | 1> {
  const { action, env, log, redactor, seconds } = facts;
  const trouble: unknown[] = [];
  const part = (work: () => void) => {
    try {
      work();
    } catch (error) {
      trouble.push(error);
    }
  };
  if (facts.release === undefined) {
    // What cannot be read is handed on as it came: in its place an empty report would tell later steps that no gate has failed.
    part(() => core.setOutput('handoff', env.DEPLOY_HANDOFF ?? ''));
  } else handOn(facts, facts.release, conclusion, part);
  part(() => setOutputs(facts, conclusion));

  const line = verdictLine(action, conclusion, seconds);
  const markdown = redactor.redact(verdictMarkdown(action, conclusion, seconds));
  part(() => writeFileSync(join(facts.evidenceDir, 'verdict.md'), markdown, { mode: 0o600 }));
  if (failsStep(conclusion.outcome)) log.error(line, conclusion.failure?.place);
  else log.info(line);
  if (conclusion.failure?.reason === 'error-internal') log.debug(stackOf(conclusion.failure.cause));
  if (env.GITHUB_STEP_SUMMARY) {
    await core.summary
      .addRaw(Buffer.from(markdown).subarray(0, LONGEST_SUMMARY).toString('utf8'), true)
      .write()
      .catch((error: unknown) => trouble.push(error));
  }
  for (const error of trouble)
    log.warning(`a part of the result could not be written: ${error instanceof Error ? error.message : String(error)}`);
  return failsStep(conclusion.outcome) ? 1 : 0;
}

/** Extends the report and hands it on to later steps and jobs. */
function handOn(
  facts: StepFacts,
  release: ReleaseReport,
  conclusion: Conclusion,
  part: (work: () => void) => void,
): void {
  const step = stepOf(facts, conclusion);
  const patch = redactedPatch(conclusion.report ?? {}, facts.redactor);
  let report = patchReport(release, patch, step);
  part(() => {
    report = extendReport(facts.reportPath, release, patch, step);
  });
  part(() => {
    const handoff = toHandoff(report);
    core.setOutput('handoff', handoff);
    if (facts.env.GITHUB_ENV) core.exportVariable('DEPLOY_HANDOFF', handoff);
  });
}

function setOutputs(
  { outputs, redactor, reportPath }: StepFacts,
  { outcome, failure, outputs: own }: Conclusion,
): void {
  const ofFailure: Readonly<Record<string, string | undefined>> = {
    resource: failure?.place.resource,
    retryable: failure === undefined ? undefined : String(failure.retryable),
    'exit-code': failure?.exitCode?.toString(),
  };
  core.setOutput('outcome', outcome);
  core.setOutput('reason', failure?.reason ?? '');
  core.setOutput('report', reportPath);
  const undeclared = Object.keys(own).filter((name) => !outputs.includes(name));
  for (const name of outputs) core.setOutput(name, redactor.redact(own[name] ?? ofFailure[name] ?? ''));
  if (undeclared.length > 0) throw new Error(`the action does not declare its outputs ${undeclared.join(', ')}`);
}

function stepOf({ action, seconds, redactor }: StepFacts, { outcome, failure }: Conclusion): ReportStep {
  const { resource, container } = failure?.place ?? {};
  return {
    action,
    outcome,
    ...(failure === undefined ? {} : { reason: failure.reason, retryable: failure.retryable }),
    ...(resource === undefined ? {} : { resource: redactor.redact(resource) }),
    ...(container === undefined ? {} : { container: redactor.redact(container) }),
    ...(failure?.exitCode === undefined ? {} : { exitCode: failure.exitCode }),
    seconds,
  };
}

/** What holds a secret does not get into the report: an entry left out is missed later by name, one with `***` in it would pass for something else. */
function redactedPatch(patch: ReportPatch, redactor: Redactor): ReportPatch {
  const clean = <T>(record: Readonly<Record<string, T>> | undefined) =>
    Object.fromEntries(
      Object.entries(record ?? {}).filter((entry) => {
        const text = JSON.stringify(entry);
        return redactor.redact(text) === text;
      }),
    );
  return { images: clean(patch.images), targets: clean(patch.targets) };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
