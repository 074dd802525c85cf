import * as core from '@actions/core';
import type { Action, Conclusion } from './action.ts';
import { cancelledConclusion, conclusionOf, withReason } from './conclude.ts';
import type { Context } from './context.ts';
import { startDeadline, unlessAborted } from './deadline.ts';
import { type Lifetime, watchLifetime } from './lifetime.ts';
import { makeContext } from './make-context.ts';
import { publish } from './publish.ts';
import { beginStep, type Step } from './step.ts';
import { ownReport, readStep, secretsOf } from './step-inputs.ts';

/** How long each thing that was put off to the end may take; a cancelled step has less. */
const END_MS = 2_000;
const HURRIED_END_MS = 300;

/**
 * The whole life of a main step: inputs → observe → plan (printed, kept as evidence) → apply → report. However it ends, its outputs,
 * report, handoff, summary and annotation are written; then the process exits, with 1 where the outcome fails the step.
 */
export async function runAction<Inputs, Observed, Plan, Result>(
  action: Action<Inputs, Observed, Plan, Result>,
): Promise<void> {
  const step = beginStep(action.name);
  const lifetime = watchLifetime((error) => giveUp(error));
  let release = ownReport(step.reportPath, step.env, step.runner);
  let end = async (_limitMs: number) => {};
  let signal = lifetime.signal;
  let published: Promise<0 | 1> | undefined;
  const conclude = (conclusion: Conclusion) => {
    published ??= publish(
      { ...step, outputs: action.outputs, evidenceDir: step.evidence.dir, release, seconds: step.seconds() },
      conclusion,
    );
    return published;
  };
  const giveUp = async (error: unknown) => {
    const code = await conclude(error === undefined ? cancelledConclusion() : conclusionOf(error, signal));
    await end(HURRIED_END_MS);
    leave(code);
  };

  if (action.post !== undefined && step.env.GITHUB_STATE) core.saveState('evidence', step.evidence.dir);
  const conclusion = await concluded(lifetime, async () => {
    maskInputs(action, step);
    const { inputs, timeout, dryRun, release: found } = readStep(action, step.env, step.runner, step.reportPath);
    release = found;
    let doing = 'looking at what is there';
    const deadline = startDeadline(timeout, () => doing);
    signal = AbortSignal.any([lifetime.signal, deadline.signal]);
    const made = makeContext({ ...step, action: action.name, signal, deadline, release });
    end = made.end;
    try {
      const observed = await unlessAborted(action.observe(inputs, made.context), signal);
      const plan = action.plan(inputs, observed);
      await showPlan(action, plan, made.context);
      if (dryRun)
        return (
          action.reportPlan?.(plan) ?? { outcome: 'unchanged', outputs: {}, summary: planned(action.describe(plan)) }
        );
      signal.throwIfAborted();
      doing = 'applying the plan';
      // Not raced against the signal: what it has begun it must be able to put in order.
      return action.report(await action.apply(plan, inputs, made.context), plan);
    } catch (error) {
      return conclusionOf(error, signal);
    } finally {
      deadline.stop();
    }
  });
  const code = await conclude(withReason(conclusion));
  await end(END_MS);
  lifetime.disarm();
  leave(code);
}

/** The post step: what it cannot do is a warning, since the verdict is already given. */
export async function runPost<Inputs, Observed, Plan, Result>(
  action: Action<Inputs, Observed, Plan, Result>,
): Promise<void> {
  if (action.post === undefined) return;
  const step = beginStep(action.name, process.env.STATE_evidence || undefined);
  const lifetime = watchLifetime((error) => {
    if (error !== undefined) step.log.warning(`${action.name} could not clean up: ${String(error)}`);
    leave(0);
  });
  maskInputs(action, step);
  const deadline = startDeadline(POST_MS, () => 'cleaning up');
  const signal = AbortSignal.any([lifetime.signal, deadline.signal]);
  const release = ownReport(step.reportPath, step.env, step.runner);
  const { context, end } = makeContext({ ...step, action: action.name, signal, deadline, release });
  try {
    await action.post(context);
  } catch (error) {
    const { failure } = conclusionOf(error, signal);
    step.log.warning(`${action.name} could not clean up: ${failure?.message} — next: ${failure?.hint}`);
  }
  await end(END_MS);
  lifetime.disarm();
  leave(0);
}

const POST_MS = 120_000;

async function concluded(lifetime: Lifetime, work: () => Promise<Conclusion>): Promise<Conclusion> {
  try {
    return await work();
  } catch (error) {
    return conclusionOf(error, lifetime.signal);
  }
}

function maskInputs<Inputs, O, P, R>(action: Action<Inputs, O, P, R>, { env, runner, redactor }: Step): void {
  for (const secret of secretsOf(action, env, runner)) {
    redactor.add(secret);
    // The runner would blot every place of a very short one in the whole job's log.
    if (secret.trim().length >= SHORTEST_MASK) core.setSecret(secret);
  }
}

const SHORTEST_MASK = 4;

async function showPlan<I, O, Plan, R>(
  action: Action<I, O, Plan, R>,
  plan: Plan,
  { evidence, log }: Context,
): Promise<void> {
  const lines = action.describe(plan);
  await evidence.write('plan.json', { action: action.name, changes: lines, plan });
  await log.group('Plan', async () => {
    for (const line of lines.length === 0 ? ['nothing to do'] : lines) log.info(line);
  });
}

function planned(lines: readonly string[]): string {
  return lines.length === 0
    ? 'Nothing to do.'
    : `Planned, and not done:\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

/** Exits once all that was printed has left the process. */
function leave(code: 0 | 1): void {
  process.stdout.write('', () => process.exit(code));
}
