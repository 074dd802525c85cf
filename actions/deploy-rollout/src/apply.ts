import { ActionError, CancelledError, type Context, DeadlineError, type Outcome, within } from '@deploy-actions/core';
import {
  applyChanges,
  connect,
  type Followed,
  Follower,
  hasChanges,
  type KubeClient,
  type PlannedChange,
  type RecordEntry,
  type ReleaseRecord,
  renderFullDiff,
  runningMismatches,
  type Sent,
  type Verdict,
  writeRevision,
} from '@deploy-actions/kubernetes';
import { gather } from './evidence.ts';
import { errorOfVerdict, outcomeOf } from './failure.ts';
import { followedOf, patienceOf } from './followed.ts';
import type { Inputs } from './inputs.ts';
import type { Plan } from './plan.ts';
import type { LogTail, Result, Rollback } from './result.ts';
import { rollBack } from './rollback.ts';

const EVIDENCE_MS = 20_000;
const RECORD_MS = 5_000;

/** A workload that is doomed, on its way from where it is seen to where it is told. */
class Doomed extends Error {
  readonly followed: Followed;
  readonly verdict: Verdict;
  constructor(followed: Followed, verdict: Verdict) {
    super(verdict.message);
    this.followed = followed;
    this.verdict = verdict;
  }
}

/**
 * Makes the planned changes and follows them to ready; when that fails takes evidence, puts back, and tells both. Throws only what has
 * happened before the first change.
 */
export async function apply(plan: Plan, inputs: Inputs, context: Context): Promise<Result> {
  const client = await connect(inputs, context);
  const watching = new AbortController();
  const follower = new Follower(client);
  const rollout = new Rollout(plan, inputs, context, client, follower);
  try {
    if (hasChanges(plan.changes)) await context.evidence.write('diff.txt', renderFullDiff(plan.changes));
    const kinds = followedOf(plan.changes, new Map(), inputs, 0).map(({ resource, ref }) => ({
      resource,
      namespace: ref.namespace,
    }));
    await follower.start(kinds, watching.signal);
    return await rollout.run();
  } finally {
    watching.abort();
  }
}

/** One deployment, with what it has done so far. */
class Rollout {
  readonly #plan: Plan;
  readonly #inputs: Inputs;
  readonly #context: Context;
  readonly #client: KubeClient;
  readonly #follower: Follower;
  readonly #journal = new Map<PlannedChange, Sent>();
  readonly #begun = performance.now();
  /** Epoch ms of the cluster. */
  readonly #startedAt: number;
  #record: ReleaseRecord;
  #recorded = false;

  constructor(plan: Plan, inputs: Inputs, context: Context, client: KubeClient, follower: Follower) {
    this.#plan = plan;
    this.#inputs = inputs;
    this.#context = context;
    this.#client = client;
    this.#follower = follower;
    this.#record = plan.record;
    this.#startedAt = client.now();
  }

  async run(): Promise<Result> {
    const { signal } = this.#context;
    try {
      await this.#change(signal);
      const followed = this.#followed();
      const result = await this.#follower.untilReady(followed, patienceOf(this.#plan, this.#inputs), signal);
      if (result.state === 'doomed') throw new Doomed(result.followed, result.verdict);
      this.#checkDigests(followed);
      await this.#write({ verdict: 'succeeded' }, signal);
      const outcome: Outcome = hasChanges(this.#plan.changes) && this.#plan.applies ? 'succeeded' : 'unchanged';
      return { outcome, failure: undefined, rollback: { state: 'none' }, tails: [], seconds: this.#seconds() };
    } catch (error) {
      return await this.#fail(signal.aborted && !(error instanceof Doomed) ? signal.reason : error);
    }
  }

  /** Namespaces first, since the record lives in one; then the record, so that a killed run shows; then all else. */
  async #change(signal: AbortSignal): Promise<void> {
    const { changes, manager } = this.#plan;
    if (!this.#plan.applies) return;
    const settings = { manager, force: this.#inputs['force-conflicts'], signal, journal: this.#journal };
    const namespaces = changes.filter((change) => change.ref.kind === 'Namespace');
    await applyChanges(this.#client, namespaces, settings);
    await this.#write({ verdict: 'deploying' }, signal);
    await applyChanges(
      this.#client,
      changes.filter((change) => !namespaces.includes(change)),
      settings,
    );
  }

  async #fail(error: unknown): Promise<Result> {
    const seconds = this.#seconds();
    const cancelled = error instanceof CancelledError;
    const explained = cancelled ? { failure: error, tails: [] } : await this.#explain(error);
    const outcome = outcomeOf(error, error instanceof DeadlineError);
    // In the log now: a rollback may take longer than the reader's patience.
    if (!cancelled) this.#context.log.info(`${explained.failure.reason}: ${explained.failure.message}`);
    const parts = { client: this.#client, follower: this.#follower, journal: this.#journal };
    const rollback = await rollBack(parts, this.#plan, this.#inputs, this.#context);
    await this.#writeFailure(outcome, explained.failure, rollback);
    return { outcome, failure: explained.failure, rollback, tails: explained.tails, seconds };
  }

  /** Takes evidence, and finds the telling reason where only a clock ran out. */
  async #explain(error: unknown): Promise<{ failure: ActionError; tails: readonly LogTail[] }> {
    const followed = this.#followed();
    const patience = patienceOf(this.#plan, this.#inputs);
    const suspects = followed.flatMap((one) => {
      const judgement = this.#follower.judge(one, patience);
      if (judgement.state === 'ready') return [];
      return [{ one, verdict: judgement.state === 'doomed' ? judgement.verdict : judgement.suspicion }];
    });
    const doomed =
      error instanceof Doomed
        ? { one: error.followed, verdict: error.verdict }
        : error instanceof DeadlineError
          ? suspects.find((suspect) => suspect.verdict !== undefined)
          : undefined;
    const subjects = suspects.flatMap(({ one }) => this.#follower.subject(one) ?? []);
    const show = this.#inputs['evidence-logs'] ?? this.#context.runner.isPrivate === true;
    const signal = within(EVIDENCE_MS, new AbortController().signal, 'taking evidence');
    const gathered = await gather(
      this.#client,
      { subjects, verdict: doomed?.verdict },
      show,
      this.#context,
      signal,
    ).catch((fault: unknown) => {
      this.#context.log.warning(`evidence is incomplete: ${fault instanceof Error ? fault.message : String(fault)}`);
      return { verdict: doomed?.verdict, tails: [] };
    });
    if (gathered.verdict === undefined || doomed === undefined)
      return { failure: asActionError(error), tails: gathered.tails };
    const change = this.#plan.changes.find(
      ({ ref }) =>
        ref.kind === doomed.one.ref.kind &&
        ref.name === doomed.one.ref.name &&
        ref.namespace === doomed.one.ref.namespace,
    );
    const timedOut = error instanceof DeadlineError ? error : undefined;
    return { failure: errorOfVerdict(gathered.verdict, change, gathered.tails, timedOut), tails: gathered.tails };
  }

  #checkDigests(followed: readonly Followed[]): void {
    const pods = followed.flatMap((one) => this.#follower.subject(one)?.pods ?? []);
    const [first] = runningMismatches(pods, this.#plan.built);
    if (first === undefined) return;
    throw new ActionError(
      'digest-mismatch',
      `${first.where} runs ${first.image} in container ${first.container}, but this release built ${first.built}`,
      {
        hint: 'something changes images on their way into the cluster (an admission webhook, another tool); have it keep digests',
        place: { container: first.container },
      },
    );
  }

  #followed(): Followed[] {
    return followedOf(this.#plan.changes, this.#journal, this.#inputs, this.#startedAt);
  }

  async #writeFailure(outcome: Outcome, failure: ActionError, rollback: Rollback): Promise<void> {
    const verdict = outcome === 'timed-out' || outcome === 'cancelled' ? outcome : 'failed';
    const signal = within(RECORD_MS, new AbortController().signal, 'writing the release record');
    try {
      if (this.#recorded)
        await this.#write({ verdict, reason: failure.reason, rolledBack: rollback.state === 'done' }, signal);
    } catch (error) {
      this.#context.log.warning(
        `the release record could not be written: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  async #write(state: Pick<RecordEntry, 'verdict' | 'reason' | 'rolledBack'>, signal: AbortSignal): Promise<void> {
    const { revision, hash, images, commit, run, writes } = this.#plan;
    if (!writes) return;
    const about = { ...(commit === undefined ? {} : { commit }), ...(run === undefined ? {} : { run }) };
    const entry: RecordEntry = {
      revision,
      hash,
      images: [...images],
      at: new Date(this.#startedAt).toISOString(),
      ...about,
      ...state,
    };
    this.#record = await writeRevision(this.#client, this.#record, entry, signal);
    this.#recorded = true;
  }

  #seconds(): number {
    return Math.round((performance.now() - this.#begun) / 10) / 100;
  }
}

function asActionError(error: unknown): ActionError {
  if (error instanceof ActionError) return error;
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new ActionError('error-internal', `a fault of this action itself: ${what}`, {
    hint: 'report this with the log of a run with step debug logging',
    cause: error,
  });
}
