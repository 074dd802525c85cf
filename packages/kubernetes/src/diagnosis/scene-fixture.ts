// What a cluster shows of one Deployment, in few words: for the tests of the rules.
import type { ClusterEvent, KubeObject, Pod, ReplicaSet } from '../objects.ts';
import { type Scene, subjectOf } from '../subject.ts';
import type { Rules } from './finding.ts';
import { judge } from './judge.ts';

export const NOW = Date.parse('2030-01-01T00:10:00Z');
export const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();
const RULES: Rules = {
  allowedRestarts: 1,
  unschedulableMs: 60_000,
  missingConfigMs: 0,
  appliedAt: NOW - 5_000,
  patientUntil: 0,
  baseline: new Map(),
};

export const deployment = (status: object = {}, spec: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api', uid: 'd', generation: 1, annotations: { 'deployment.kubernetes.io/revision': '2' } },
  spec: { replicas: 1, progressDeadlineSeconds: 600, ...spec },
  status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, ...status },
});
const replicaSet = (revision: string, uid: string, conditions: object[] = []): ReplicaSet =>
  ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `api-${revision}`,
      uid,
      ownerReferences: [{ uid: 'd' }],
      annotations: { 'deployment.kubernetes.io/revision': revision },
    },
    status: { conditions },
  }) as unknown as ReplicaSet;

interface PodParts {
  readonly state?: object;
  readonly lastState?: object;
  readonly restartCount?: number;
  readonly ready?: boolean;
  readonly owner?: string;
  readonly status?: object;
  readonly container?: object;
  readonly init?: boolean;
}

export function pod(parts: PodParts): Pod {
  const status = {
    name: 'api',
    image: 'acme/api:1',
    ready: parts.ready ?? false,
    restartCount: parts.restartCount ?? 0,
    state: parts.state ?? {},
    lastState: parts.lastState ?? {},
  };
  const spec = { name: 'api', image: 'acme/api:1', ...parts.container };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'api-1', uid: 'p', creationTimestamp: ago(10), ownerReferences: [{ uid: parts.owner ?? 'new' }] },
    spec: parts.init ? { initContainers: [spec], containers: [{ name: 'main' }] } : { containers: [spec] },
    status: {
      phase: 'Running',
      ...(parts.init ? { initContainerStatuses: [status] } : { containerStatuses: [status] }),
      ...parts.status,
    },
  } as unknown as Pod;
}

export const event = (reason: string, message: string, uid = 'p'): ClusterEvent =>
  ({
    reason,
    message,
    involvedObject: { uid, fieldPath: 'spec.containers{api}' },
    metadata: { name: 'e' },
  }) as unknown as ClusterEvent;

export const scene = (
  pods: Pod[],
  events: ClusterEvent[] = [],
  conditions: object[] = [],
  ailing: ReadonlySet<string> = new Set(),
): Scene => ({
  replicaSets: [replicaSet('1', 'old'), replicaSet('2', 'new', conditions)],
  pods,
  events,
  ailing,
});
/** Judges the Deployment `api` of a scene, five seconds after it was applied. */
export const judged = (given: Scene, rules: Partial<Rules> = {}, object = deployment()) =>
  judge(subjectOf(object, given), { ...RULES, ...rules }, NOW);

export const waiting = (reason: string, message = '') => ({ waiting: { reason, message } });
export const ended = (exitCode: number, more: object = {}) => ({
  terminated: { exitCode, finishedAt: ago(1), ...more },
});
export const running = { running: { startedAt: ago(100) } };
export const NOT_FOUND = 'failed to resolve reference "acme/api:1": acme/api:1: not found';
