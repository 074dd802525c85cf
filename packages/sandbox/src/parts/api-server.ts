import { CLUSTER_DOMAIN, type ClusterPart, NODE_ADDRESS, SERVICE_RANGE } from '../cluster.ts';

/** The API server, with the authorization and admission that a production cluster has. */
export const apiServer: ClusterPart = (cluster) => {
  const pki = `${cluster.inside}/pki`;
  const { nodePorts } = cluster.ports;
  return {
    name: 'kube-apiserver',
    command: [
      `${cluster.programs}/kube-apiserver`,
      '--etcd-servers=http://127.0.0.1:2379',
      '--bind-address=0.0.0.0',
      `--secure-port=${cluster.ports.main}`,
      `--advertise-address=${NODE_ADDRESS}`,
      `--tls-cert-file=${pki}/api-server.crt`,
      `--tls-private-key-file=${pki}/api-server.key`,
      `--client-ca-file=${pki}/ca.crt`,
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      `--service-node-port-range=${nodePorts.first}-${nodePorts.last}`,
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      '--allow-privileged=true',
      `--service-account-issuer=https://kubernetes.default.svc.${CLUSTER_DOMAIN}`,
      `--service-account-key-file=${pki}/service-account.pub`,
      `--service-account-signing-key-file=${pki}/service-account.key`,
      // Logs, exec and port-forward: the API server calls the kubelet, by address, as a known client.
      '--kubelet-preferred-address-types=InternalIP',
      `--kubelet-certificate-authority=${pki}/ca.crt`,
      `--kubelet-client-certificate=${pki}/api-server-client.crt`,
      `--kubelet-client-key=${pki}/api-server-client.key`,
      // The aggregation layer: API servers of add-ons trust it by this authority.
      `--requestheader-client-ca-file=${pki}/front-proxy-ca.crt`,
      '--requestheader-allowed-names=front-proxy-client',
      '--requestheader-username-headers=X-Remote-User',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      `--proxy-client-cert-file=${pki}/front-proxy-client.crt`,
      `--proxy-client-key-file=${pki}/front-proxy-client.key`,
    ],
    after: ['etcd'],
    ready: { kind: 'http', url: `https://127.0.0.1:${cluster.ports.main}/readyz` },
    files: {},
  };
};
