import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';

/**
 * Writes a kubeconfig that signs in with a client certificate, everything inlined so that the one file is enough.
 * @param pki folder with `ca.crt` and the user's `USER.crt` and `USER.key`.
 */
export function writeKubeconfig(file: string, cluster: string, server: string, pki: string, user: string): void {
  const inline = (name: string) => readFileSync(join(pki, name)).toString('base64');
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server, 'certificate-authority-data': inline('ca.crt') } }],
    users: [
      {
        name: user,
        user: { 'client-certificate-data': inline(`${user}.crt`), 'client-key-data': inline(`${user}.key`) },
      },
    ],
    contexts: [{ name: cluster, context: { cluster, user } }],
    'current-context': cluster,
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, stringify(content), { mode: 0o600 });
}
