import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import * as v from 'valibot';
import { InputError, type InputFault } from '../errors.ts';
import { meaningfulLines } from '../inputs/lines.ts';
import { fromHandoff, isHandoff } from './handoff.ts';
import { EMPTY_REPORT, mergeReports, type NamedReport, overlay, patchReport } from './merge.ts';
import { type ReleaseReport, type ReportPatch, type ReportStep, releaseReport } from './schema.ts';

export interface ReportSources {
  /** `$RUNNER_TEMP/deploy-actions/report.json`: what this job's steps know; it need not exist. */
  readonly path: string;
  /** The `report` input: paths and handoffs. */
  readonly lines: readonly string[];
  /** `DEPLOY_HANDOFF`, of one job or, a line each, of several. */
  readonly handoff: string | undefined;
  /** What relative paths start from. */
  readonly workspace: string;
}

/**
 * The release as this step finds it. Precedence as everywhere: the input, this job's report, the environment.
 * @throws InputError for a source that is missing, malformed, or contradicts another of its kind.
 */
export function readReport({ path, lines, handoff, workspace }: ReportSources): ReleaseReport {
  const faults: InputFault[] = [];
  const fromEnvironment = meaningfulLines(handoff ?? '').flatMap((line, index) =>
    readLine(line, `DEPLOY_HANDOFF line ${index + 1}`, workspace, faults),
  );
  const ofInput = lines.flatMap((line, index) =>
    readLine(line, isHandoff(line) ? `the handoff in line ${index + 1}` : line, workspace, faults),
  );
  const own = readFile(path, path, faults, true);
  if (faults.length > 0) throw new InputError(faults);
  return [
    mergeReports(fromEnvironment),
    ...(own === undefined ? [] : [own]),
    ...(ofInput.length === 0 ? [] : [mergeReports(ofInput)]),
  ].reduce(overlay, EMPTY_REPORT);
}

/**
 * Lays what a step adds over `report`, the release as the step found it, and writes it to `path`: 0600, and at once or not at all.
 * What a step beside it has written there meanwhile is kept. Yields the new report.
 * @throws InputError where `path` has come to hold something else.
 */
export function extendReport(path: string, report: ReleaseReport, patch: ReportPatch, step: ReportStep): ReleaseReport {
  const meanwhile = readReport({ path, lines: [], handoff: undefined, workspace: dirname(path) });
  const extended = patchReport(overlay(meanwhile, report), patch, step);
  const draft = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(draft, `${JSON.stringify(extended, null, 2)}\n`, { mode: 0o600 });
    chmodSync(draft, 0o600);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  return extended;
}

function readLine(line: string, name: string, workspace: string, faults: InputFault[]): readonly NamedReport[] {
  if (isHandoff(line) || name.startsWith('DEPLOY_HANDOFF')) {
    const read = fromHandoff(line);
    if (read.ok) return [{ name, report: read.report }];
    faults.push({
      input: 'report',
      message: `${name} ${read.message}`,
      accepted: 'the output `handoff` of an earlier job',
    });
    return [];
  }
  const report = readFile(isAbsolute(line) ? line : resolve(workspace, line), line, faults, false);
  return report === undefined ? [] : [{ name, report }];
}

function readFile(path: string, name: string, faults: InputFault[], mayBeMissing: boolean): ReleaseReport | undefined {
  const refuse = (message: string) => {
    faults.push({
      input: 'report',
      message: `${name} ${message}`,
      accepted: 'the path of a release report, or a handoff',
    });
    return undefined;
  };
  try {
    const parsed = v.safeParse(releaseReport, JSON.parse(readFileSync(path, 'utf8')));
    if (parsed.success) return parsed.output;
    const [issue] = parsed.issues;
    return refuse(`is no release report of version 1 (at ${v.getDotPath(issue) ?? 'its top'})`);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (missing && mayBeMissing) return undefined;
    return refuse(missing ? 'does not exist' : error instanceof SyntaxError ? 'is no JSON' : 'cannot be read');
  }
}
