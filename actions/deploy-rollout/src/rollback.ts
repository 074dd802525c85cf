import { CancelledError, type Context, within } from '@deploy-actions/core';
import {
  type Follower,
  type KubeClient,
  type PlannedChange,
  planRestore,
  restore,
  type Sent,
} from '@deploy-actions/kubernetes';
import { followedOf, patienceOf } from './followed.ts';
import type { Inputs } from './inputs.ts';
import type { Plan } from './plan.ts';
import { type Rollback, rollbackLine } from './result.ts';

/** What putting back and following it to ready may take, whatever is left of `timeout`. */
const BUDGET_MS = 5 * 60_000;
/** A cancelled step is killed after ten seconds, and six of them are ours. */
const CANCELLED_MS = 4_000;

interface Parts {
  readonly client: KubeClient;
  readonly follower: Follower;
  readonly journal: ReadonlyMap<PlannedChange, Sent>;
}

/**
 * Puts back what this step changed and follows it to ready. After a cancel it is only set going: the cluster does the rest.
 * Never throws: what went wrong is part of the result.
 */
export async function rollBack(parts: Parts, plan: Plan, inputs: Inputs, context: Context): Promise<Rollback> {
  const rollback = await attempt(parts, plan, inputs, context);
  const line = rollbackLine(rollback, plan.previous);
  if (rollback.state === 'failed') context.log.warning(line);
  else if (line !== '') context.log.info(line);
  return rollback;
}

async function attempt(parts: Parts, plan: Plan, inputs: Inputs, context: Context): Promise<Rollback> {
  const { client, follower, journal } = parts;
  if (journal.size === 0 || !inputs['rollback-on-failure']) return { state: 'none' };
  if (plan.first) return { state: 'left-standing' };
  const begun = performance.now();
  const cancelled = context.signal.aborted && context.signal.reason instanceof CancelledError;
  const signal = within(cancelled ? CANCELLED_MS : BUDGET_MS, unlessTimedOut(context), 'rolling back');
  try {
    context.log.info(`rolling back to what was there before (${journal.size} objects)`);
    const undone = await restore(client, planRestore(journal), plan.manager, signal);
    const followed = followedOf([...undone.keys()], undone, inputs, client.now());
    const seconds = () => Math.round((performance.now() - begun) / 100) / 10;
    if (cancelled) return { state: 'done', ready: false, seconds: seconds() };
    const result = await follower.untilReady(followed, patienceOf(plan, inputs), signal);
    if (result.state === 'ready') return { state: 'done', ready: true, seconds: seconds() };
    return { state: 'failed', because: `${result.verdict.resource}: ${result.verdict.message}` };
  } catch (error) {
    return { state: 'failed', because: error instanceof Error ? error.message : String(error) };
  }
}

/** The step's signal where it still runs; once it is aborted, rolling back goes by its own clock. */
function unlessTimedOut(context: Context): AbortSignal {
  return context.signal.aborted ? new AbortController().signal : context.signal;
}
