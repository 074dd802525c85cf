import { ActionError, CancelledError, type Context, DeadlineError, within } from '@deploy-actions/core';
import {
  applyChanges,
  connect,
  type Followed,
  Follower,
  hasChanges,
  type KubeClient,
  type PlannedChange,
  renderFullDiff,
  runningMismatches,
  type Sent,
} from '@deploy-actions/kubernetes';
import { Doomed, explain } from './explain.ts';
import { outcomeOf } from './failure.ts';
import { followedOf, patienceOf } from './followed.ts';
import type { Inputs } from './inputs.ts';
import { Ledger } from './ledger.ts';
import type { Plan } from './plan.ts';
import { type Result, type Rollback, rollbackLine } from './result.ts';
import { rollBack } from './rollback.ts';

/** For the record, once the step itself has no time left. */
const RECORD_MS = 5_000;

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
  readonly #ledger: Ledger;
  readonly #journal = new Map<PlannedChange, Sent>();
  readonly #begun = performance.now();
  /** Epoch ms of the cluster. */
  readonly #startedAt: number;

  constructor(plan: Plan, inputs: Inputs, context: Context, client: KubeClient, follower: Follower) {
    this.#plan = plan;
    this.#inputs = inputs;
    this.#context = context;
    this.#client = client;
    this.#follower = follower;
    this.#ledger = new Ledger(client, plan, context);
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
      await this.#ledger.write({ verdict: 'succeeded' }, signal);
      const outcome = hasChanges(this.#plan.changes) ? 'succeeded' : 'unchanged';
      return { outcome, failure: undefined, rollback: { state: 'none' }, tails: [], seconds: this.#seconds() };
    } catch (error) {
      return await this.#fail(signal.aborted && !(error instanceof Doomed) ? signal.reason : error);
    }
  }

  /** Namespaces first, since the record lives in one; then the record, so that a killed run shows; then all else. */
  async #change(signal: AbortSignal): Promise<void> {
    const { applies, changes, manager } = this.#plan;
    if (!applies) return;
    const settings = { manager, force: this.#inputs['force-conflicts'], signal, journal: this.#journal };
    const isNamespace = (change: PlannedChange) => change.ref.kind === 'Namespace';
    await applyChanges(this.#client, changes.filter(isNamespace), settings);
    await this.#ledger.write({ verdict: 'deploying' }, signal);
    await applyChanges(
      this.#client,
      changes.filter((change) => !isNamespace(change)),
      settings,
    );
  }

  async #fail(error: unknown): Promise<Result> {
    const seconds = this.#seconds();
    const seen = { client: this.#client, follower: this.#follower, followed: this.#followed() };
    const { failure, tails } =
      // A cancelled run has seconds left, and needs them to put back.
      error instanceof CancelledError
        ? { failure: error, tails: [] }
        : await explain(error, seen, this.#plan, this.#inputs, this.#context);
    // In the log now: putting back may take longer than the reader's patience.
    this.#context.log.info(`${failure.reason}: ${failure.message}`);
    const outcome = outcomeOf(error, error instanceof DeadlineError);
    const rollback = await this.#putBack({ verdict: outcome, reason: failure.reason });
    return { outcome, failure, rollback, tails, seconds };
  }

  /** The record is written before and after: before, since it alone can tell that the release is still ours to undo. */
  async #putBack(state: Parameters<Ledger['writeEnd']>[0]): Promise<Rollback> {
    const clock = () => within(RECORD_MS, new AbortController().signal, 'writing the release record');
    if (!(await this.#ledger.writeEnd({ ...state, rolledBack: false }, clock()))) {
      const superseded: Rollback = { state: 'superseded' };
      this.#context.log.warning(rollbackLine(superseded, this.#plan.previous));
      return superseded;
    }
    const parts = { client: this.#client, follower: this.#follower, journal: this.#journal };
    const rollback = await rollBack(parts, this.#plan, this.#inputs, this.#context);
    if (rollback.state === 'done') await this.#ledger.writeEnd({ ...state, rolledBack: true }, clock());
    return rollback;
  }

  #checkDigests(followed: readonly Followed[]): void {
    const pods = followed.flatMap((one) => this.#follower.subject(one)?.pods ?? []);
    const [first] = runningMismatches(pods, this.#plan.built);
    if (first === undefined) return;
    const { where, image, container, built } = first;
    throw new ActionError(
      'digest-mismatch',
      `${where} runs ${image} in container ${container}, but this release built ${built}`,
      {
        hint: 'something changes images on their way into the cluster (an admission webhook, another tool); have it keep digests',
        place: { container },
      },
    );
  }

  #followed(): Followed[] {
    return followedOf(this.#plan.changes, this.#journal, this.#inputs, this.#startedAt);
  }

  #seconds(): number {
    return Math.round((performance.now() - this.#begun) / 10) / 100;
  }
}
