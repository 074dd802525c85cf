import type { Sent } from './apply.ts';
import { applyObject, deleteObject } from './changes.ts';
import type { KubeClient } from './client.ts';
import { concurrently } from './concurrently.ts';
import { BUILT_IN } from './discovery.ts';
import { displayName, type KubeObject, type Pod } from './objects.ts';
import { isKept, phases } from './order.ts';
import type { PlannedChange } from './plan.ts';
import { getObject, listObjects } from './read.ts';
import { conditionOf } from './readiness.ts';
import { withLiveReplicas } from './replicas.ts';

const AT_ONCE = 8;

/** What putting back consists of. */
export interface RestorePlan {
  readonly reapply: readonly PlannedChange[];
  readonly remove: readonly Sent[];
  /** Made by this step and left standing: they hold data, or other objects. */
  readonly kept: readonly PlannedChange[];
}

/** Decides how to undo what was sent: pure. Jobs are left as they are: what they did cannot be undone by deploying. */
export function planRestore(journal: ReadonlyMap<PlannedChange, Sent>): RestorePlan {
  const sent = [...journal.values()];
  const created = sent.filter(({ change }) => change.before === undefined);
  return {
    reapply: sent.flatMap(({ change }) => (change.before === undefined || change.ref.kind === 'Job' ? [] : [change])),
    remove: created.filter(({ change }) => !isKept(change.ref.kind)),
    kept: created.filter(({ change }) => isKept(change.ref.kind)).map(({ change }) => change),
  };
}

/**
 * Puts objects back as they were before this step, in the order of applying, then deletes what it made, in the reverse order.
 * @returns the objects as they then are, by the change that they undo
 * @throws ActionError where the API server refuses; the rest is then not put back
 */
export async function restore(
  client: KubeClient,
  plan: RestorePlan,
  manager: string,
  signal: AbortSignal,
): Promise<Map<PlannedChange, Sent>> {
  const undone = new Map<PlannedChange, Sent>();
  for (const phase of phases(plan.reapply, (change) => change.ref)) {
    await concurrently(phase, AT_ONCE, async (change) => {
      const object = await objectBefore(client, change, manager, signal);
      const after = await applyObject(client, change.resource, object, { manager, force: true, dryRun: false, signal });
      undone.set(change, { change, after, at: client.now() });
      client.log.info(`${displayName(change.ref)}: put back`);
      if (change.ref.kind === 'StatefulSet') await freeStuckPods(client, after, signal);
    });
  }
  for (const phase of phases(plan.remove, ({ change }) => change.ref).toReversed()) {
    await concurrently(phase, AT_ONCE, async ({ change, after }) => {
      // Without an answer we don't know its uid; it did not exist before, so by its name it is ours.
      await deleteObject(client, change.resource, change.ref, after?.metadata.uid, signal);
      client.log.info(`${displayName(change.ref)}: deleted, as this step had made it`);
    });
  }
  return undone;
}

async function objectBefore(
  client: KubeClient,
  change: PlannedChange,
  manager: string,
  signal: AbortSignal,
): Promise<KubeObject> {
  const before = change.before ?? change.object;
  if (!change.autoscaled) return before;
  const live = await getObject(client, change.resource, change.ref.namespace, change.ref.name, signal);
  return withLiveReplicas(before, live, manager);
}

/** A StatefulSet never replaces a pod that isn't ready, so one of the failed revision would stay in the way of the good one. */
async function freeStuckPods(client: KubeClient, set: KubeObject, signal: AbortSignal): Promise<void> {
  const { items } = await listObjects<Pod>(client, BUILT_IN.Pod, set.metadata.namespace, signal);
  const stuck = items.filter(
    (pod) =>
      pod.metadata.ownerReferences?.some((owner) => owner.uid === set.metadata.uid) &&
      conditionOf(pod, 'Ready')?.status !== 'True',
  );
  await concurrently(stuck, AT_ONCE, (pod) =>
    deleteObject(
      client,
      BUILT_IN.Pod,
      { apiVersion: 'v1', kind: 'Pod', namespace: pod.metadata.namespace, name: pod.metadata.name },
      pod.metadata.uid,
      signal,
    ),
  );
}
