import { type ClusterPart, POD_RANGE } from '../cluster.ts';

/** The controllers, with the host-path provisioner: it makes volumes of folders below the cell's /tmp. */
export const controllerManager: ClusterPart = (cluster) => {
  const kubeconfig = `${cluster.inside}/kubeconfigs/controller-manager`;
  return {
    name: 'kube-controller-manager',
    command: [
      `${cluster.programs}/kube-controller-manager`,
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      '--bind-address=127.0.0.1',
      '--leader-elect=false',
      '--use-service-account-credentials=true',
      `--service-account-private-key-file=${cluster.inside}/pki/service-account.key`,
      `--root-ca-file=${cluster.inside}/pki/ca.crt`,
      `--cluster-signing-cert-file=${cluster.inside}/pki/ca.crt`,
      `--cluster-signing-key-file=${cluster.inside}/pki/ca.key`,
      `--cluster-cidr=${POD_RANGE}`,
      '--allocate-node-cidrs=false',
      '--enable-hostpath-provisioner=true',
    ],
    after: ['kube-apiserver'],
    ready: { kind: 'http', url: 'https://127.0.0.1:10257/healthz' },
    files: {},
  };
};
