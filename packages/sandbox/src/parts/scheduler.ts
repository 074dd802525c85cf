import type { ClusterPart } from '../cluster.ts';

export const scheduler: ClusterPart = (cluster) => {
  const kubeconfig = `${cluster.inside}/kubeconfigs/scheduler`;
  return {
    name: 'kube-scheduler',
    command: [
      `${cluster.programs}/kube-scheduler`,
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      '--bind-address=127.0.0.1',
      '--leader-elect=false',
    ],
    after: ['kube-apiserver'],
    ready: { kind: 'http', url: 'https://127.0.0.1:10259/healthz' },
    files: {},
  };
};
