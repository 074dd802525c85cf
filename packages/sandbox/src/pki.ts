import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { API_SERVICE_ADDRESS, CLUSTER_DOMAIN, NODE_ADDRESS } from './cluster.ts';

const openssl = promisify(execFile);
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '3650'];

interface Certificate {
  readonly authority: 'ca' | 'front-proxy-ca';
  /** In openssl's form. The cluster takes CN for the user's name and O for the groups. */
  readonly subject: string;
  readonly server?: readonly string[];
}

/** Who has a client certificate of a cluster, by the name of its file. */
export const CLIENTS = {
  admin: '/O=system:masters/CN=admin',
  'controller-manager': '/CN=system:kube-controller-manager',
  scheduler: '/CN=system:kube-scheduler',
  'kube-proxy': '/CN=system:kube-proxy',
  coredns: '/CN=system:coredns',
} as const;

/**
 * Makes a cluster's authorities, certificates and service account key in `folder`, readable by the owner alone.
 * @throws Error with openssl's own words.
 */
export async function makePki(folder: string, nodeName: string): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await Promise.all(['ca', 'front-proxy-ca'].map((name) => makeAuthority(folder, name)));
  const certificates: Record<string, Certificate> = {
    'api-server': { authority: 'ca', subject: '/CN=kube-apiserver', server: apiServerNames() },
    'api-server-client': { authority: 'ca', subject: '/O=system:masters/CN=kube-apiserver-kubelet-client' },
    'front-proxy-client': { authority: 'front-proxy-ca', subject: '/CN=front-proxy-client' },
    kubelet: {
      authority: 'ca',
      subject: `/O=system:nodes/CN=system:node:${nodeName}`,
      server: [`DNS:${nodeName}`, `IP:${NODE_ADDRESS}`],
    },
    ...Object.fromEntries(Object.entries(CLIENTS).map(([name, subject]) => [name, { authority: 'ca', subject }])),
  };
  await Promise.all(
    Object.entries(certificates).map(([name, certificate]) => makeCertificate(folder, name, certificate)),
  );
  const account = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writeFileSync(join(folder, 'service-account.key'), account.privateKey, { mode: 0o600 });
  writeFileSync(join(folder, 'service-account.pub'), account.publicKey);
}

function apiServerNames(): string[] {
  const service = [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    `kubernetes.default.svc.${CLUSTER_DOMAIN}`,
  ];
  return [
    ...['localhost', ...service].map((name) => `DNS:${name}`),
    ...['127.0.0.1', NODE_ADDRESS, API_SERVICE_ADDRESS].map((address) => `IP:${address}`),
  ];
}

async function makeAuthority(folder: string, name: string): Promise<void> {
  const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`)];
  await openssl('openssl', ['req', '-x509', ...KEY, ...files, '-subj', `/CN=${name}`]);
}

async function makeCertificate(
  folder: string,
  name: string,
  { authority, subject, server }: Certificate,
): Promise<void> {
  const issuer = ['-CA', join(folder, `${authority}.crt`), '-CAkey', join(folder, `${authority}.key`)];
  const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`)];
  const uses = server ? 'serverAuth,clientAuth' : 'clientAuth';
  const extensions = [
    'basicConstraints=CA:FALSE',
    `extendedKeyUsage=${uses}`,
    ...(server ? [`subjectAltName=${server.join(',')}`] : []),
  ];
  await openssl('openssl', [
    ...['req', '-x509', ...KEY, ...issuer, ...files, '-subj', subject],
    ...extensions.flatMap((extension) => ['-addext', extension]),
  ]);
}
