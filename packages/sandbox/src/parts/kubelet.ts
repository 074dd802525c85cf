import { stringify } from 'yaml';
import { CLUSTER_DOMAIN, type ClusterLayout, type ClusterPart, NODE_ADDRESS } from '../cluster.ts';

/** The kubelet: its node is the cell. */
export const kubelet: ClusterPart = (cluster) => ({
  name: 'kubelet',
  command: [
    `${cluster.programs}/kubelet`,
    `--config=${cluster.inside}/kubelet.yaml`,
    `--kubeconfig=${cluster.inside}/kubeconfigs/kubelet`,
    `--root-dir=${cluster.inside}/kubelet`,
    `--hostname-override=${cluster.nodeName}`,
    `--node-ip=${NODE_ADDRESS}`,
  ],
  after: ['kube-apiserver', 'containerd'],
  ready: { kind: 'http', url: 'http://127.0.0.1:10248/healthz' },
  files: {
    [`${cluster.folder}/kubelet.yaml`]: stringify(kubeletConfig(cluster)),
    // Pods that take the node's name servers get none: nothing outside is in reach.
    [`${cluster.folder}/resolv.conf`]: 'options ndots:1\n',
  },
});

function kubeletConfig(cluster: ClusterLayout): object {
  const pki = `${cluster.inside}/pki`;
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: `${pki}/ca.crt` },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: `${pki}/kubelet.crt`,
    tlsPrivateKeyFile: `${pki}/kubelet.key`,
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: cluster.cgroup,
    failSwapOn: false,
    failCgroupV1: false,
    clusterDomain: CLUSTER_DOMAIN,
    clusterDNS: [NODE_ADDRESS],
    resolvConf: `${cluster.inside}/resolv.conf`,
    podLogsDir: `${cluster.inside}/pod-logs`,
    volumePluginDir: `${cluster.inside}/volume-plugins`,
    serializeImagePulls: false,
    registryPullQPS: 0,
    // A full disk is the developer's, not the cluster's: no pod is evicted and no image removed for it.
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '0%',
      'nodefs.inodesFree': '0%',
      'imagefs.available': '0%',
    },
    imageGCHighThresholdPercent: 100,
  };
}
