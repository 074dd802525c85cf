import { ApiError } from './answers.ts';
import type { KubeClient } from './client.ts';
import { containerKey, containersOf, type Rules, type Verdict } from './diagnosis/finding.ts';
import { type Judgement, judge } from './diagnosis/judge.ts';
import { BUILT_IN, type Resource } from './discovery.ts';
import { displayName, type ObjectRef } from './objects.ts';
import { Store } from './store.ts';
import { type Subject, subjectOf } from './subject.ts';
import { watchObjects } from './watch.ts';

/** A workload to follow. */
export interface Followed {
  readonly ref: ObjectRef & { readonly namespace: string };
  readonly resource: Resource;
  /** Its generation after our change: until the watch has caught up, what it shows is the workload of before. */
  readonly generation: number;
  /** When we changed it (epoch ms of the cluster); undefined where we did not. */
  readonly appliedAt: number | undefined;
  /** Until when old faults are not held against it (epoch ms of the cluster); 0: they are at once. */
  readonly patientUntil: number;
  /** Ends of a container forgiven per pod. */
  readonly allowedRestarts: number;
}

export interface Patience {
  readonly unschedulableMs: number;
  readonly missingConfigMs: number;
}

/** A longer timer would fire at once (Node's setTimeout takes 31 bits); whoever is woken early looks again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How following ended. */
export type FollowResult =
  | { readonly state: 'ready' }
  | { readonly state: 'doomed'; readonly followed: Followed; readonly verdict: Verdict };

/** One watch that has its first list; ended by the signal given to {@link Follower.start}. */
interface Watching {
  readonly synced: Promise<void>;
  readonly ended: Promise<void>;
}

/**
 * Follows workloads with one watch per kind and namespace, however many objects there are, and judges at each change: nothing polls.
 * Started before anything is applied, so that no moment is missed.
 */
export class Follower {
  readonly #client: KubeClient;
  readonly #store = new Store();
  readonly #baseline = new Map<string, number>();
  readonly #watches: Watching[] = [];
  #onChange: () => void = () => undefined;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** Opens the watches that these workloads need and resolves once each has listed what is there. */
  async start(
    kinds: readonly { readonly resource: Resource; readonly namespace: string }[],
    signal: AbortSignal,
  ): Promise<void> {
    const wanted = new Map<string, { resource: Resource; namespace: string }>();
    const want = (resource: Resource, namespace: string) =>
      wanted.set(`${resource.kind}/${namespace}`, { resource, namespace });
    for (const { resource, namespace } of kinds) {
      want(resource, namespace);
      want(BUILT_IN.Pod, namespace);
      want(BUILT_IN.Event, namespace);
      if (resource.kind === 'Deployment') want(BUILT_IN.ReplicaSet, namespace);
    }
    for (const { resource, namespace } of wanted.values()) this.#watches.push(this.#watch(resource, namespace, signal));
    await Promise.all(this.#watches.map((watching) => watching.synced));
    for (const namespace of new Set(kinds.map((kind) => kind.namespace))) this.#takeBaseline(namespace);
  }

  /**
   * Resolves when all are ready, or at the moment when one is doomed. One line a change goes to the log.
   * @throws the signal's reason when it is aborted; ApiError or HttpError where a watch cannot go on
   */
  async untilReady(followed: readonly Followed[], patience: Patience, signal: AbortSignal): Promise<FollowResult> {
    const told = new Map<Followed, string>();
    return await new Promise<FollowResult>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      let due = false;
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        this.#onChange = () => undefined;
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      const onAbort = () => finish(() => reject(signal.reason));
      const evaluate = () => {
        due = false;
        const judged = followed.map((one) => ({ one, judgement: this.judge(one, patience) }));
        for (const { one, judgement } of judged) this.#tell(one, judgement, told);
        const doomed = judged.find((entry) => entry.judgement.state === 'doomed');
        if (doomed?.judgement.state === 'doomed') {
          const { verdict } = doomed.judgement;
          return finish(() => resolve({ state: 'doomed', followed: doomed.one, verdict }));
        }
        const until = judged.flatMap(({ judgement }) => (judgement.state === 'waiting' ? [judgement.until] : []));
        if (until.length === 0) return finish(() => resolve({ state: 'ready' }));
        clearTimeout(timer);
        const wait = Math.min(...until) - this.#client.now();
        if (Number.isFinite(wait)) timer = setTimeout(evaluate, Math.min(Math.max(20, wait), LONGEST_TIMER_MS));
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', onAbort);
      for (const watching of this.#watches) watching.ended.catch((error) => finish(() => reject(error)));
      this.#onChange = () => {
        // A burst of changes is judged once, when the lines at hand are read.
        if (!due) setImmediate(evaluate);
        due = true;
      };
      evaluate();
    });
  }

  /** What one workload is at this moment. */
  judge(followed: Followed, patience: Patience): Judgement {
    const subject = this.subject(followed);
    if (subject === undefined) {
      return {
        state: 'waiting',
        readiness: { ready: false, because: 'waits for the API server' },
        until: Number.POSITIVE_INFINITY,
        suspicion: undefined,
      };
    }
    const rules: Rules = {
      ...patience,
      allowedRestarts: followed.allowedRestarts,
      appliedAt: followed.appliedAt,
      patientUntil: followed.patientUntil,
      baseline: this.#baseline,
    };
    return judge(subject, rules, this.#client.now());
  }

  /** A workload with its newest pods and their events, or undefined until the watch shows it as we know it to be. */
  subject({ ref, generation }: Followed): Subject | undefined {
    const object = this.#store.find(ref.kind, ref.namespace, ref.name);
    if (object === undefined || (object.metadata.generation ?? 0) < generation) return undefined;
    return subjectOf(object, this.#store.scene(ref.namespace));
  }

  #watch(resource: Resource, namespace: string, signal: AbortSignal): Watching {
    const { promise: synced, resolve, reject } = Promise.withResolvers<void>();
    const run = async () => {
      try {
        for await (const change of watchObjects(this.#client, resource, namespace, signal)) {
          this.#store.take(resource.kind, namespace, change);
          if (change.type === 'listed') resolve();
          this.#onChange();
        }
        // An aborted signal ends the watch without an error, perhaps before its first list.
        resolve();
      } catch (error) {
        if (resource.kind === 'Event' && error instanceof ApiError && error.status === 403) {
          this.#client.log.warning(
            `${error.message}; without events some faults are seen later and told in fewer words`,
          );
          return resolve();
        }
        reject(error);
        throw error;
      }
    };
    const ended = run();
    // Whoever waits for readiness hears of it; before and after that nobody listens.
    ended.catch(() => undefined);
    return { synced, ended };
  }

  #takeBaseline(namespace: string): void {
    for (const pod of this.#store.pods(namespace)) {
      for (const { name, status } of containersOf(pod)) {
        if (status.ready) this.#baseline.set(containerKey(pod, name), status.restartCount);
      }
    }
  }

  #tell(followed: Followed, judgement: Judgement, told: Map<Followed, string>): void {
    const words =
      judgement.state === 'waiting' && !judgement.readiness.ready ? judgement.readiness.because : judgement.state;
    const suspicion = judgement.state === 'waiting' && judgement.suspicion ? ` (${judgement.suspicion.message})` : '';
    const line = `${displayName(followed.ref)}: ${words}${suspicion}`;
    if (told.get(followed) === line) return;
    told.set(followed, line);
    this.#client.log.info(line);
  }
}
