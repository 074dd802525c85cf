import type { ClusterEvent, KubeObject, Pod, ReplicaSet } from './objects.ts';
import { conditionOf } from './readiness.ts';
import type { Scene } from './subject.ts';
import type { Change } from './watch.ts';

/**
 * What watches have told so far, by kind and namespace. Only what judging needs is kept: managedFields are half of a pod's bytes.
 */
export class Store {
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  /** Events about workloads that were recorded before we began to look: they speak of an earlier release. */
  readonly #stale = new Set<string>();
  readonly #ailing = new Set<string>();

  /** Takes in one change of one watch. */
  take(kind: string, namespace: string, change: Change): void {
    const key = `${kind}/${namespace}`;
    if (change.type === 'listed') {
      const first = !this.#objects.has(key);
      this.#objects.set(key, new Map(change.objects.map((object) => [uidOf(object), slim(object)])));
      if (first && kind === 'Event') this.#setAside(change.objects as unknown as readonly ClusterEvent[]);
      if (first) for (const object of change.objects) if (ails(object)) this.#ailing.add(uidOf(object));
      return;
    }
    const known = this.#objects.get(key);
    // Deleted before it is set, so that the newest change comes last.
    known?.delete(uidOf(change.object));
    if (change.type === 'changed') known?.set(uidOf(change.object), slim(change.object));
    this.#stale.delete(uidOf(change.object));
  }

  find(kind: string, namespace: string, name: string): KubeObject | undefined {
    for (const object of this.#all(kind, namespace)) if (object.metadata.name === name) return object;
    return undefined;
  }

  pods(namespace: string): Iterable<Pod> {
    return this.#all('Pod', namespace) as unknown as Iterable<Pod>;
  }

  scene(namespace: string): Scene {
    const events = [...this.#all('Event', namespace)].filter((event) => !this.#stale.has(uidOf(event)));
    return {
      replicaSets: this.#all('ReplicaSet', namespace) as unknown as Iterable<ReplicaSet>,
      pods: this.pods(namespace),
      events: events as unknown as ClusterEvent[],
      ailing: this.#ailing,
    };
  }

  #all(kind: string, namespace: string): Iterable<KubeObject> {
    return this.#objects.get(`${kind}/${namespace}`)?.values() ?? [];
  }

  #setAside(events: readonly ClusterEvent[]): void {
    for (const event of events) {
      // A pod's events are as old as the pod itself, and old pods are told from new ones by their revision.
      if (event.involvedObject.kind !== 'Pod' && event.metadata.uid !== undefined) this.#stale.add(event.metadata.uid);
    }
  }
}

function uidOf(object: KubeObject): string {
  return object.metadata.uid ?? `${object.metadata.namespace}/${object.metadata.name}`;
}

/** True for a pod that isn't ready, and for a ReplicaSet that may not create its pods. */
function ails(object: KubeObject): boolean {
  if (object.kind === 'Pod') return conditionOf(object, 'Ready')?.status !== 'True';
  return object.kind === 'ReplicaSet' && conditionOf(object, 'ReplicaFailure')?.status === 'True';
}

function slim(object: KubeObject): KubeObject {
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}
