import { readFile } from 'node:fs/promises';
import { ActionError, Secret } from '@deploy-actions/core';
import type { Credentials } from './access.ts';
import type { UserEntry } from './kubeconfig-schema.ts';

/** A fault of the kubeconfig: never with a part of its content. */
export const fault = (message: string, hint: string, cause?: unknown) =>
  new ActionError('error-input', message, { hint, ...(cause === undefined ? {} : { cause }) });

/** The text of a file, or undefined where it cannot be read. */
export async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** How a user of the kubeconfig signs in; files that it names are read. */
export async function credentialsOf(user: UserEntry, name: string): Promise<Credentials> {
  const certificate = await pemOf(user['client-certificate-data'], user['client-certificate'], 'client-certificate');
  const key = await pemOf(user['client-key-data'], user['client-key'], 'client-key');
  if ((certificate === undefined) !== (key === undefined)) {
    throw fault(`user "${name}" of the kubeconfig has only one of client-certificate and client-key`, 'give both');
  }
  const pair = certificate === undefined || key === undefined ? undefined : { certificate, key: new Secret(key) };
  if (user.exec) {
    const { command, args, env, apiVersion, installHint, provideClusterInfo } = user.exec;
    return {
      pair,
      kind: 'exec',
      command,
      args: args ?? [],
      env: Object.fromEntries((env ?? []).map((entry) => [entry.name, entry.value])),
      apiVersion: apiVersion || 'client.authentication.k8s.io/v1',
      installHint: installHint || undefined,
      provideClusterInfo: provideClusterInfo === true,
    };
  }
  if (user.tokenFile) return { pair, kind: 'token-file', path: user.tokenFile };
  if (user.token) return { pair, kind: 'token', token: new Secret(user.token) };
  if (user.username && user.password)
    return { pair, kind: 'basic', username: user.username, password: new Secret(user.password) };
  if (user['auth-provider']) {
    throw fault(
      `user "${name}" of the kubeconfig signs in by auth-provider, which Kubernetes removed in 1.26`,
      'use the exec plug-in of your cloud (gke-gcloud-auth-plugin, kubelogin)',
    );
  }
  return { pair, kind: 'none' };
}

/** A certificate or key: in base64, or the file of that name. */
export async function pemOf(
  data: string | null | undefined,
  file: string | null | undefined,
  field: string,
): Promise<string | undefined> {
  if (data) {
    const pem = Buffer.from(data, 'base64').toString('utf8');
    if (!pem.includes('-----BEGIN'))
      throw fault(
        `${field}-data of the kubeconfig is no PEM in base64`,
        'give the kubeconfig unshortened (kubectl config view --raw)',
      );
    return pem;
  }
  if (!file) return undefined;
  const pem = await readOptional(file);
  if (pem === undefined) {
    throw fault(
      `the kubeconfig names the file ${file} (${field}), which does not exist here`,
      'use `kubectl config view --raw --flatten`, which puts such files inside',
    );
  }
  return pem;
}
