import type { ReasonCode } from '@deploy-actions/core';
import type { FieldPath } from '../manifests.ts';
import { displayName, type KubeObject, type Pod, type PodSpec, refOf } from '../objects.ts';
import type { Subject } from '../subject.ts';

/** Why a workload has failed, or will unless the fault heals. */
export interface Verdict {
  readonly reason: ReasonCode;
  /** `Deployment/api` */
  readonly resource: string;
  /** One sentence that names the container, the exit code and what the cluster said. */
  readonly message: string;
  readonly hint: string;
  readonly retryable: boolean;
  readonly pod?: string;
  readonly container?: string;
  readonly exitCode?: number;
  /** The field of the manifest that is at fault, as far as one is. */
  readonly field?: FieldPath;
}

/** A fault that was seen. It dooms the workload from `from` on (epoch ms of the cluster): 0 at once, Infinity only when time is up. */
export interface Finding {
  readonly verdict: Verdict;
  readonly from: number;
  /** Uid of what shows it, a pod or a ReplicaSet. */
  readonly about: string | undefined;
}

/** How patient to be. */
export interface Rules {
  /** Ends of a container forgiven per pod. */
  readonly allowedRestarts: number;
  /** Milliseconds that a pod may find no node: an autoscaler may add one. */
  readonly unschedulableMs: number;
  /** Milliseconds that a ConfigMap or Secret may be missing: a controller of this release may be about to make it. */
  readonly missingConfigMs: number;
  /** When we applied it (epoch ms of the cluster); undefined where this step didn't change it. */
  readonly appliedAt: number | undefined;
  /**
   * Until then (epoch ms of the cluster) what showed a fault before we began is not held against the release: it may have mended the missing
   * ConfigMap, the image or the quota, and the kubelet and the controllers take their time to look again. 0 where nothing was changed.
   */
  readonly patientUntil: number;
  /** Restarts that a container had before we began, by {@link containerKey}. */
  readonly baseline: ReadonlyMap<string, number>;
}

/** Passing faults of a registry heal by themselves: so long the kubelet may try again. */
export const PULL_PATIENCE_MS = 60_000;

export type Detector = (subject: Subject, rules: Rules) => readonly Finding[];
export type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];
type Container = PodSpec['containers'][number];

export interface ContainerView {
  readonly pod: Pod;
  readonly name: string;
  readonly status: ContainerStatus;
  readonly spec: Container | undefined;
  /** Ends once and is done, unlike a sidecar, which is an init container that stays. */
  readonly isInit: boolean;
}

export function containerKey(pod: Pod, container: string): string {
  return `${pod.metadata.uid}/${container}`;
}

/** All containers of a pod that the kubelet reports on, init containers and sidecars too. */
export function containersOf(pod: Pod): ContainerView[] {
  const view = (status: ContainerStatus, specs: readonly Container[] | undefined, inits: boolean): ContainerView => {
    const spec = specs?.find((container) => container.name === status.name);
    return { pod, name: status.name, status, spec, isInit: inits && spec?.restartPolicy !== 'Always' };
  };
  return [
    ...(pod.status?.initContainerStatuses ?? []).map((status) => view(status, pod.spec?.initContainers, true)),
    ...(pod.status?.containerStatuses ?? []).map((status) => view(status, pod.spec?.containers, false)),
  ];
}

export function resourceName(object: KubeObject): string {
  return displayName(refOf(object));
}

/** Path of a container's field in the workload's manifest. */
export function containerField(object: KubeObject, view: ContainerView, ...rest: readonly string[]): FieldPath {
  const template = object.kind === 'Pod' ? ['spec'] : ['spec', 'template', 'spec'];
  const inits = view.pod.spec?.initContainers ?? [];
  const init = inits.findIndex((container) => container.name === view.name);
  if (init >= 0) return [...template, 'initContainers', init, ...rest];
  const index = (view.pod.spec?.containers ?? []).findIndex((container) => container.name === view.name);
  return [...template, 'containers', Math.max(0, index), ...rest];
}

/** Epoch milliseconds of a wire time; 0 where there is none. */
export function timeOf(text: string | undefined): number {
  const time = Date.parse(text ?? '');
  return Number.isFinite(time) ? time : 0;
}

/** Since when a pod is there, in epoch ms of the cluster. */
export function createdAt(pod: Pod): number {
  return timeOf(pod.metadata.creationTimestamp);
}
