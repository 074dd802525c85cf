import type { AdminApi } from './api.ts';

/** Objects that a cluster has from its maker rather than from Kubernetes: path of the API → object. */
const ADDONS: Readonly<Record<string, object>> = {
  '/apis/rbac.authorization.k8s.io/v1/clusterroles/system:coredns': {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'system:coredns' },
    rules: [
      { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
    ],
  },
  '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/system:coredns': {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'system:coredns' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:coredns' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'system:coredns' }],
  },
  '/apis/storage.k8s.io/v1/storageclasses/standard': {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'kubernetes.io/host-path',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
  },
};

/** Applies the add-ons to a cluster whose API server answers. */
export async function applyAddons(api: AdminApi): Promise<void> {
  await Promise.all(Object.entries(ADDONS).map(([path, object]) => api.apply(path, object)));
}

interface Node {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Whether pods can be created and would start: the node is ready and the default service account is there. */
export async function takesPods(api: AdminApi, nodeName: string): Promise<boolean> {
  const node = await api.get<Node>(`/api/v1/nodes/${nodeName}`);
  const account = await api.get<object>('/api/v1/namespaces/default/serviceaccounts/default');
  const ready = node?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  return ready === true && account !== null;
}
