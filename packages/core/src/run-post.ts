import type { Action } from './action.ts';
import { conclusionOf } from './conclude.ts';
import type { Context } from './context.ts';
import { startDeadline } from './deadline.ts';
import { failPlainly } from './fail-plainly.ts';
import { leave, ORDERLY_END_MS, watchLifetime } from './lifetime.ts';
import { makeContext } from './make-context.ts';
import { EMPTY_REPORT } from './report/merge.ts';
import { beginStep } from './step.ts';
import { maskInputs, releaseSoFar } from './step-inputs.ts';

/** The runner waits 5 minutes at most for what a cancelled job still does. */
const POST_MS = 120_000;

/** The post step, in the evidence folder of the main one. What it cannot do is a warning, since the verdict is already given. */
export async function runPost<Inputs, Observed, Plan, Result>(
  action: Action<Inputs, Observed, Plan, Result>,
): Promise<void> {
  if (action.post !== undefined)
    await cleanUp(action, action.post).catch((error: unknown) => failPlainly(action.name, error));
}

async function cleanUp<Inputs, Observed, Plan, Result>(
  action: Action<Inputs, Observed, Plan, Result>,
  post: (context: Context) => Promise<void>,
): Promise<void> {
  const step = beginStep(action.name, process.env.STATE_evidence || undefined);
  const warn = (error: unknown, signal?: AbortSignal) => {
    const { failure } = conclusionOf(error, signal);
    step.log.warning(`${action.name} could not clean up: ${failure?.message} — next: ${failure?.hint}`);
  };
  const lifetime = watchLifetime((error) => {
    if (error !== undefined) warn(error);
    leave(0);
  });
  maskInputs(action, step);
  const deadline = startDeadline(POST_MS, () => 'cleaning up');
  const signal = AbortSignal.any([lifetime.signal, deadline.signal]);
  const release = releaseSoFar(step) ?? EMPTY_REPORT;
  const { context, end } = makeContext({ ...step, signal, deadline, release });
  await post(context).catch((error: unknown) => warn(error, signal));
  await end(ORDERLY_END_MS);
  lifetime.disarm();
  leave(0);
}
