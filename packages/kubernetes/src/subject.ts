import type { ClusterEvent, KubeObject, Metadata, Pod, ReplicaSet } from './objects.ts';

/** What a namespace shows at one moment: the followed workloads with all that hangs on them. */
export interface Scene {
  readonly replicaSets: Iterable<ReplicaSet>;
  readonly pods: Iterable<Pod>;
  /** Only those recorded since we began to look: older ones say nothing about this release. */
  readonly events: Iterable<ClusterEvent>;
  /** Uids of the pods and ReplicaSets that showed a fault already when we began to look. */
  readonly ailing: ReadonlySet<string>;
}

/** One workload with the pods of its newest revision, which alone can doom it. */
export interface Subject {
  readonly object: KubeObject;
  /** The Deployment's newest ReplicaSet, once its controller has made it. */
  readonly replicaSet: ReplicaSet | undefined;
  readonly pods: readonly Pod[];
  /** About the workload, its ReplicaSet or these pods. */
  readonly events: readonly ClusterEvent[];
  readonly ailing: ReadonlySet<string>;
}

const REVISION = 'deployment.kubernetes.io/revision';
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

/** Picks what belongs to the newest revision of a workload; nothing while its controller hasn't seen the newest spec. */
export function subjectOf(object: KubeObject, scene: Scene): Subject {
  const replicaSet = object.kind === 'Deployment' ? newestReplicaSet(object, scene) : undefined;
  const pods = settled(object)
    ? [...scene.pods].filter((pod) => !pod.metadata.deletionTimestamp && isNewest(pod, object, replicaSet))
    : [];
  const uids = new Set([object.metadata.uid, replicaSet?.metadata.uid, ...pods.map((pod) => pod.metadata.uid)]);
  const events = [...scene.events].filter(
    (event) => event.involvedObject.uid !== undefined && uids.has(event.involvedObject.uid),
  );
  return { object, replicaSet, pods, events, ailing: scene.ailing };
}

function settled(object: KubeObject): boolean {
  const status = object.status as { observedGeneration?: number } | undefined;
  if (!['Deployment', 'StatefulSet', 'DaemonSet'].includes(object.kind)) return true;
  return (status?.observedGeneration ?? 0) >= (object.metadata.generation ?? 0);
}

function newestReplicaSet(object: KubeObject, scene: Scene): ReplicaSet | undefined {
  if (!settled(object)) return undefined;
  const revision = object.metadata.annotations?.[REVISION];
  return [...scene.replicaSets].find(
    (set) => ownedBy(set.metadata, object) && set.metadata.annotations?.[REVISION] === revision,
  );
}

function isNewest(pod: Pod, object: KubeObject, replicaSet: ReplicaSet | undefined): boolean {
  switch (object.kind) {
    case 'Deployment':
      return replicaSet !== undefined && ownedBy(pod.metadata, replicaSet);
    case 'StatefulSet': {
      const newest = (object.status as { updateRevision?: string } | undefined)?.updateRevision;
      return ownedBy(pod.metadata, object) && pod.metadata.labels?.['controller-revision-hash'] === newest;
    }
    case 'DaemonSet': {
      const newest = object.metadata.annotations?.[TEMPLATE_GENERATION];
      return ownedBy(pod.metadata, object) && pod.metadata.labels?.['pod-template-generation'] === newest;
    }
    case 'Pod':
      return pod.metadata.uid === object.metadata.uid;
    default:
      return ownedBy(pod.metadata, object);
  }
}

function ownedBy(metadata: Metadata, owner: { readonly metadata: { readonly uid?: string } }): boolean {
  return metadata.ownerReferences?.some((reference) => reference.uid === owner.metadata.uid) ?? false;
}
