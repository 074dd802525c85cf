import { ActionError, type Context } from '@deploy-actions/core';
import { type KubeClient, type RecordEntry, type ReleaseRecord, writeRevision } from '@deploy-actions/kubernetes';
import type { Plan } from './plan.ts';

type State = Pick<RecordEntry, 'verdict' | 'reason' | 'rolledBack'>;

/** This deployment's entry in the release record. It is written only as long as no other run has written since. */
export class Ledger {
  readonly #client: KubeClient;
  readonly #plan: Plan;
  readonly #context: Context;
  readonly #begun: string;
  #record: ReleaseRecord;
  #begunInRecord = false;

  constructor(client: KubeClient, plan: Plan, context: Context) {
    this.#client = client;
    this.#plan = plan;
    this.#context = context;
    this.#record = plan.record;
    this.#begun = new Date(client.now()).toISOString();
  }

  /** @throws ActionError `locked` where another run has written since the plan was made */
  async write(state: State, signal: AbortSignal): Promise<void> {
    const { revision, hash, images, commit, run, writes } = this.#plan;
    if (!writes) return;
    const about = { ...(commit === undefined ? {} : { commit }), ...(run === undefined ? {} : { run }) };
    const entry: RecordEntry = { revision, hash, images: [...images], at: this.#begun, ...about, ...state };
    this.#record = await writeRevision(this.#client, this.#record, entry, signal);
    this.#begunInRecord = true;
  }

  /**
   * Writes down how it ended, if it was written that it began. False where another run has deployed the release meanwhile: then what there
   * is is that run's, and nothing may be put back over it.
   */
  async writeEnd(state: State, signal: AbortSignal): Promise<boolean> {
    if (!this.#begunInRecord) return true;
    try {
      await this.write(state, signal);
      return true;
    } catch (error) {
      this.#context.log.warning(
        `the release record could not be written: ${error instanceof Error ? error.message : String(error)}`,
      );
      return !(error instanceof ActionError && error.reason === 'locked');
    }
  }
}
