import { stringify } from 'yaml';
import { type ClusterPart, POD_RANGE } from '../cluster.ts';

/** Services: kube-proxy writes the packet filter of the cell's network namespace. */
export const kubeProxy: ClusterPart = (cluster) => ({
  name: 'kube-proxy',
  command: [`${cluster.programs}/kube-proxy`, `--config=${cluster.inside}/kube-proxy.yaml`],
  after: ['kubelet'],
  ready: { kind: 'http', url: 'http://127.0.0.1:10256/healthz' },
  files: {
    [`${cluster.folder}/kube-proxy.yaml`]: stringify({
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      clientConnection: { kubeconfig: `${cluster.inside}/kubeconfigs/kube-proxy` },
      clusterCIDR: POD_RANGE,
      hostnameOverride: cluster.nodeName,
      healthzBindAddress: '127.0.0.1:10256',
      metricsBindAddress: '127.0.0.1:10249',
      mode: 'iptables',
      // The limits of connection tracking are the machine's; a cell must not set them.
      conntrack: { maxPerCore: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    }),
  },
});
