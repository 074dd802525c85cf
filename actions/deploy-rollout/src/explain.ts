import { ActionError, type Context, DeadlineError, within } from '@deploy-actions/core';
import type { Followed, Follower, KubeClient, Verdict } from '@deploy-actions/kubernetes';
import { gather } from './evidence.ts';
import { errorOfVerdict } from './failure.ts';
import { patienceOf } from './followed.ts';
import type { Inputs } from './inputs.ts';
import type { Plan } from './plan.ts';
import type { LogTail } from './result.ts';

const EVIDENCE_MS = 20_000;

/** A workload that is doomed, on its way from where it is seen to where it is told. */
export class Doomed extends Error {
  readonly followed: Followed;
  readonly verdict: Verdict;
  constructor(followed: Followed, verdict: Verdict) {
    super(verdict.message);
    this.followed = followed;
    this.verdict = verdict;
  }
}

interface Suspect {
  readonly one: Followed;
  readonly verdict: Verdict | undefined;
}

/** Takes evidence of every workload that is not ready, and finds the telling reason where only a clock ran out. */
export async function explain(
  error: unknown,
  seen: { readonly client: KubeClient; readonly follower: Follower; readonly followed: readonly Followed[] },
  plan: Plan,
  inputs: Inputs,
  context: Context,
): Promise<{ readonly failure: ActionError; readonly tails: readonly LogTail[] }> {
  const { client, follower, followed } = seen;
  const suspects = followed.flatMap((one) => suspectOf(one, follower, plan, inputs));
  const culprit = culpritOf(error, suspects);
  const subjects = suspects.flatMap(({ one }) => follower.subject(one) ?? []);
  const show = inputs['evidence-logs'] ?? context.runner.isPrivate === true;
  const signal = within(EVIDENCE_MS, new AbortController().signal, 'taking evidence');
  const found = { subjects, verdict: culprit?.verdict };
  const gathered = await gather(client, found, show, context, signal).catch((fault: unknown) => {
    context.log.warning(`evidence is incomplete: ${fault instanceof Error ? fault.message : String(fault)}`);
    return { verdict: found.verdict, tails: [] };
  });
  if (gathered.verdict === undefined || culprit === undefined)
    return { failure: asActionError(error), tails: gathered.tails };
  const { kind, name, namespace } = culprit.one.ref;
  const change = plan.changes.find(({ ref }) => ref.kind === kind && ref.name === name && ref.namespace === namespace);
  const timedOut = error instanceof DeadlineError ? error : undefined;
  return { failure: errorOfVerdict(gathered.verdict, change, gathered.tails, timedOut), tails: gathered.tails };
}

function suspectOf(one: Followed, follower: Follower, plan: Plan, inputs: Inputs): Suspect[] {
  const judgement = follower.judge(one, patienceOf(plan, inputs));
  if (judgement.state === 'ready') return [];
  return [{ one, verdict: judgement.state === 'doomed' ? judgement.verdict : judgement.suspicion }];
}

function culpritOf(error: unknown, suspects: readonly Suspect[]): Suspect | undefined {
  if (error instanceof Doomed) return { one: error.followed, verdict: error.verdict };
  return error instanceof DeadlineError ? suspects.find((suspect) => suspect.verdict !== undefined) : undefined;
}

function asActionError(error: unknown): ActionError {
  if (error instanceof ActionError) return error;
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new ActionError('error-internal', `a fault of this action itself: ${what}`, {
    hint: 'report this with the log of a run with step debug logging',
    cause: error,
  });
}
