import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Action, commonInputs, duration, type Field } from '@deploy-actions/core';
import type { StepResult } from '@deploy-actions/harness';
import { type ActionFolder, assembleRelease, findActions, ROOT } from '@deploy-actions/tooling';

/** One action as its users see it (action.yml) and as it is written. */
export interface SuiteAction extends ActionFolder {
  readonly code: Action<unknown, unknown, unknown, unknown>;
  /** Its own inputs and those that every action has. */
  readonly fields: Readonly<Record<string, Field<unknown>>>;
}

/** Every action of the suite. */
export async function loadSuite(): Promise<SuiteAction[]> {
  return Promise.all((await findActions()).map(load));
}

async function load(folder: ActionFolder): Promise<SuiteAction> {
  const module: Record<string, unknown> = await import(join(folder.path, 'src/action.ts'));
  const [code, ...more] = Object.values(module).filter(isAction);
  if (code === undefined || more.length > 0) throw new Error(`${folder.path}/src/action.ts must export one Action`);
  return { ...folder, code, fields: { ...commonInputs, timeout: duration({ default: code.timeout }), ...code.inputs } };
}

function isAction(value: unknown): value is SuiteAction['code'] {
  return typeof value === 'object' && value !== null && 'observe' in value && 'plan' in value && 'apply' in value;
}

/** Assembles the release tree in a temporary folder; `remove` deletes it. */
export async function releaseTree(): Promise<{ tree: string; remove(): Promise<void> }> {
  const tree = await mkdtemp(join(tmpdir(), 'deploy-actions-release-'));
  await assembleRelease(ROOT, await findActions(), tree);
  return { tree, remove: () => rm(tree, { recursive: true }) };
}

/** The step's error annotations as one text. */
export function errorsOf(step: StepResult): string {
  return step.annotations
    .filter((note) => note.level === 'error')
    .map((note) => note.message)
    .join('\n');
}
