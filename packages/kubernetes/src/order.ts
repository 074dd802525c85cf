import type { KubeObject } from './objects.ts';

/**
 * Kinds in the order in which they are applied; those of one line don't need each other and go side by side. What others refer to
 * comes first, what sends traffic or judges comes last.
 */
const PHASES: readonly (readonly string[])[] = [
  ['PriorityClass', 'Namespace', 'StorageClass', 'RuntimeClass', 'IngressClass', 'CustomResourceDefinition'],
  [
    'NetworkPolicy',
    'ResourceQuota',
    'LimitRange',
    'PodDisruptionBudget',
    'ServiceAccount',
    'Secret',
    'ConfigMap',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'ClusterRole',
    'Role',
  ],
  ['ClusterRoleBinding', 'RoleBinding'],
  ['Service'],
  // Here, between Services and workloads: every kind that is not named.
  [],
  ['DaemonSet', 'Deployment', 'StatefulSet', 'ReplicaSet', 'Pod', 'Job', 'CronJob'],
  ['HorizontalPodAutoscaler', 'VerticalPodAutoscaler', 'Ingress'],
  ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration', 'APIService'],
];
const CUSTOM = PHASES.findIndex((kinds) => kinds.length === 0);

function phaseOf(kind: string): number {
  const phase = PHASES.findIndex((kinds) => kinds.includes(kind));
  return phase < 0 ? CUSTOM : phase;
}

/** Groups what is to be applied into phases, first to last; empty phases are left out. Delete in the reverse order. */
export function phases<T>(items: readonly T[], objectOf: (item: T) => Pick<KubeObject, 'kind'>): T[][] {
  const grouped: T[][] = PHASES.map(() => []);
  for (const item of items) grouped[phaseOf(objectOf(item).kind)]?.push(item);
  return grouped.filter((group) => group.length > 0);
}

/** Kinds that hold data or other objects: never deleted by putting back. */
export function isKept(kind: string): boolean {
  return ['Namespace', 'PersistentVolume', 'PersistentVolumeClaim', 'CustomResourceDefinition'].includes(kind);
}
