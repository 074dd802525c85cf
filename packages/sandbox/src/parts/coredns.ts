import { CLUSTER_DOMAIN, type ClusterPart, NODE_ADDRESS } from '../cluster.ts';

/** The cluster's name server, on the node's address. Names of the outside do not exist in a cell. */
export const coredns: ClusterPart = (cluster) => ({
  name: 'coredns',
  command: [`${cluster.programs}/coredns`, '-conf', `${cluster.inside}/Corefile`],
  after: ['kube-apiserver'],
  ready: { kind: 'http', url: 'http://127.0.0.1:8181/ready' },
  files: {
    [`${cluster.folder}/Corefile`]: `.:53 {
    bind ${NODE_ADDRESS}
    errors
    ready 127.0.0.1:8181
    cache 5
    kubernetes ${CLUSTER_DOMAIN} in-addr.arpa ip6.arpa {
        kubeconfig ${cluster.inside}/kubeconfigs/coredns
        pods insecure
        ttl 5
        fallthrough in-addr.arpa ip6.arpa
    }
    template ANY ANY {
        rcode NXDOMAIN
    }
}
`,
  },
});
