import {
  type DaemonSet,
  type Deployment,
  isRecord,
  type Job,
  type KubeObject,
  type Pod,
  type StatefulSet,
} from './objects.ts';

/** How far an object has come; `because` is what it still waits for, in a few words for the log. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly because: string };

const READY: Readiness = { ready: true };
const wait = (because: string): Readiness => ({ ready: false, because });
/** The first thing that is still missing. */
const unless = (...gates: readonly (readonly [boolean, string])[]): Readiness => {
  const missing = gates.find(([passed]) => !passed);
  return missing === undefined ? READY : wait(missing[1]);
};

/** Kinds that are followed; every other one is ready once it is applied. */
const RULES: Readonly<Record<string, (object: KubeObject) => Readiness>> = {
  Deployment: (object) => deployment(object as unknown as Deployment),
  StatefulSet: (object) => statefulSet(object as unknown as StatefulSet),
  DaemonSet: (object) => daemonSet(object as unknown as DaemonSet),
  Job: (object) => job(object as unknown as Job),
  Pod: (object) => pod(object as unknown as Pod),
  CustomResourceDefinition: customResourceDefinition,
};

/** True for kinds that are followed after they were applied. */
export function isFollowed(kind: string): boolean {
  return kind in RULES;
}

/** Judges one object by its own fields alone; its pods are diagnosis' matter. */
export function readinessOf(object: KubeObject): Readiness {
  return RULES[object.kind]?.(object) ?? READY;
}

/** The controller has seen the object as it now is. Until then its status speaks of the one before. */
function seen(object: {
  metadata: { generation?: number };
  status?: { observedGeneration?: number };
}): readonly [boolean, string] {
  return [(object.status?.observedGeneration ?? 0) >= (object.metadata.generation ?? 0), 'waits for its controller'];
}

// The rule of `kubectl rollout status`, with "all old pods gone" before "all new ones available".
function deployment(object: Deployment): Readiness {
  const want = object.spec?.replicas ?? 1;
  const { replicas = 0, updatedReplicas: updated = 0, availableReplicas: available = 0 } = object.status ?? {};
  return unless(
    seen(object),
    [object.spec?.paused !== true || updated >= want, 'is paused'],
    [updated >= want, `${updated} of ${want} updated`],
    [replicas <= updated, `${replicas - updated} old pending termination`],
    [available >= updated, `${available} of ${want} available`],
  );
}

function statefulSet(object: StatefulSet): Readiness {
  const want = object.spec?.replicas ?? 1;
  const status = object.status;
  const ready = status?.readyReplicas ?? 0;
  // OnDelete: a person deletes the pods, so there is no rollout to wait for.
  const onDelete = object.spec?.updateStrategy?.type === 'OnDelete';
  const partition = object.spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
  const updated = status?.updatedReplicas ?? 0;
  const due = Math.max(0, want - partition);
  return unless(
    seen(object),
    [onDelete || updated >= due, `${updated} of ${due} updated`],
    [ready >= want, `${ready} of ${want} ready`],
    [
      onDelete || partition > 0 || status?.currentRevision === status?.updateRevision,
      'waits for the last pod to be replaced',
    ],
  );
}

function daemonSet(object: DaemonSet): Readiness {
  const status = object.status;
  const want = status?.desiredNumberScheduled ?? 0;
  const updated = status?.updatedNumberScheduled ?? 0;
  const available = status?.numberAvailable ?? 0;
  const onDelete = object.spec?.updateStrategy?.type === 'OnDelete';
  return unless(
    seen(object),
    [onDelete || updated >= want, `${updated} of ${want} updated`],
    [available >= want, `${available} of ${want} available`],
  );
}

// By conditions: counters say nothing about a Job that may still retry.
function job(object: Job): Readiness {
  const { active = 0, succeeded = 0, failed = 0 } = object.status ?? {};
  return unless([hasCondition(object, 'Complete'), `${active} active, ${succeeded} succeeded, ${failed} failed`]);
}

function pod(object: Pod): Readiness {
  const phase = object.status?.phase ?? 'Pending';
  return unless([phase === 'Succeeded' || hasCondition(object, 'Ready'), `is ${phase.toLowerCase()}`]);
}

function customResourceDefinition(object: KubeObject): Readiness {
  return unless([hasCondition(object, 'Established'), 'is not established yet']);
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
}

/** A condition of an object's status, whatever its kind. */
export function conditionOf(object: { readonly status?: unknown }, type: string): Condition | undefined {
  if (!isRecord(object.status) || !Array.isArray(object.status.conditions)) return undefined;
  return object.status.conditions.find((condition: Condition) => condition.type === type);
}

function hasCondition(object: { readonly status?: unknown }, type: string): boolean {
  return conditionOf(object, type)?.status === 'True';
}
