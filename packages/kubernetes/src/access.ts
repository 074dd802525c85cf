import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Secret } from '@deploy-actions/core';

interface CertificatePair {
  readonly certificate: string;
  readonly key: Secret;
}

/** How to sign in. A client certificate may come on top of any other way. */
export type Credentials = { readonly pair: CertificatePair | undefined } & (
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: Secret }
  | { readonly kind: 'token-file'; readonly path: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: Secret }
  | ({ readonly kind: 'exec' } & ExecPlugin)
);

/** A program that prints credentials (EKS, GKE and AKS come with one), as the kubeconfig describes it. */
export interface ExecPlugin {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** `client.authentication.k8s.io/v1` or `/v1beta1`. */
  readonly apiVersion: string;
  readonly installHint: string | undefined;
  readonly provideClusterInfo: boolean;
}

/** One API server and how to reach it. */
export interface ClusterAccess {
  /** The context's name; what the report and the plan call the cluster. */
  readonly context: string;
  readonly namespace: string | undefined;
  readonly server: URL;
  readonly tls: {
    readonly ca: string | undefined;
    readonly serverName: string | undefined;
    readonly insecure: boolean;
  };
  readonly proxyUrl: string | undefined;
  readonly credentials: Credentials;
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The account of the pod that this process runs in, or undefined outside of one. */
export async function inClusterAccess(
  env: Readonly<Record<string, string | undefined>>,
  account = ACCOUNT,
): Promise<ClusterAccess | undefined> {
  const host = env.KUBERNETES_SERVICE_HOST;
  if (!host) return undefined;
  try {
    const ca = await readFile(path.join(account, 'ca.crt'), 'utf8');
    const namespace = (await readFile(path.join(account, 'namespace'), 'utf8')).trim();
    const name = host.includes(':') ? `[${host}]` : host;
    return {
      context: 'in-cluster',
      namespace,
      server: new URL(`https://${name}:${env.KUBERNETES_SERVICE_PORT ?? '443'}`),
      tls: { ca, serverName: undefined, insecure: false },
      proxyUrl: undefined,
      credentials: { pair: undefined, kind: 'token-file', path: path.join(account, 'token') },
    };
  } catch {
    return undefined;
  }
}
