import * as core from '@actions/core';
import type { Action, Conclusion } from './action.ts';
import { cancelledConclusion, conclusionOf, withReason } from './conclude.ts';
import type { Context } from './context.ts';
import { startDeadline, unlessAborted } from './deadline.ts';
import { failPlainly } from './fail-plainly.ts';
import { HURRIED_END_MS, leave, ORDERLY_END_MS, watchLifetime } from './lifetime.ts';
import { makeContext } from './make-context.ts';
import { publish } from './publish.ts';
import { beginStep } from './step.ts';
import { maskInputs, readStep, releaseSoFar } from './step-inputs.ts';

/**
 * The whole life of a main step: inputs → observe → plan (printed, kept as evidence) → apply → report. However it ends, its outputs,
 * report, handoff, summary and annotation are written; then the process exits, with 1 where the outcome fails the step.
 */
export async function runAction<Inputs, Observed, Plan, Result>(
  action: Action<Inputs, Observed, Plan, Result>,
): Promise<void> {
  await live(action).catch((error: unknown) => failPlainly(action.name, error));
}

async function live<Inputs, Observed, Plan, Result>(action: Action<Inputs, Observed, Plan, Result>): Promise<void> {
  const step = beginStep(action.name);
  const lifetime = watchLifetime((error) => {
    giveUp(error).catch((fault: unknown) => failPlainly(action.name, fault));
  });
  let release = releaseSoFar(step);
  let signal = lifetime.signal;
  let end = async (_limitMs: number) => {};
  let published: Promise<0 | 1> | undefined;
  const conclude = (conclusion: Conclusion) => {
    const facts = {
      ...step,
      outputs: action.outputs,
      evidenceDir: step.evidence.dir,
      release,
      seconds: step.seconds(),
    };
    published ??= publish(facts, withReason(conclusion));
    return published;
  };
  const giveUp = async (error: unknown) => {
    const code = await conclude(error === undefined ? cancelledConclusion() : conclusionOf(error, signal));
    await end(HURRIED_END_MS);
    leave(code);
  };
  const work = async () => {
    if (action.post !== undefined && step.env.GITHUB_STATE) core.saveState('evidence', step.evidence.dir);
    maskInputs(action, step);
    const start = readStep(action, step.env, step.runner, step.reportPath);
    release = start.release;
    let doing = 'looking at what is there';
    const deadline = startDeadline(start.timeout, () => doing);
    signal = AbortSignal.any([lifetime.signal, deadline.signal]);
    const made = makeContext({ ...step, signal, deadline, release: start.release });
    end = made.end;
    try {
      return await runStages(action, start, made.context, () => {
        doing = 'applying the plan';
      });
    } finally {
      deadline.stop();
    }
  };

  const code = await conclude(await work().catch((error: unknown) => conclusionOf(error, signal)));
  await end(ORDERLY_END_MS);
  lifetime.disarm();
  leave(code);
}

async function runStages<Inputs, Observed, Plan, Result>(
  action: Action<Inputs, Observed, Plan, Result>,
  { inputs, dryRun }: { readonly inputs: Inputs; readonly dryRun: boolean },
  context: Context,
  onApply: () => void,
): Promise<Conclusion> {
  const observed = await unlessAborted(action.observe(inputs, context), context.signal);
  const plan = action.plan(inputs, observed);
  const changes = action.describe(plan);
  await context.evidence.write('plan.json', { action: action.name, changes, plan });
  await context.log.group('Plan', async () => {
    for (const line of changes.length === 0 ? ['nothing to do'] : changes) context.log.info(line);
  });
  if (dryRun) return action.reportPlan?.(plan) ?? { outcome: 'unchanged', outputs: {}, summary: planned(changes) };
  context.signal.throwIfAborted();
  onApply();
  // Not raced against the signal: what it has begun it must be able to put in order.
  return action.report(await action.apply(plan, inputs, context), plan);
}

function planned(changes: readonly string[]): string {
  return changes.length === 0
    ? 'Nothing to do.'
    : `Planned, and not done:\n\n${changes.map((line) => `- ${line}`).join('\n')}`;
}
