import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ActionError, type Programs, type Redactor, Secret } from '@deploy-actions/core';
import * as v from 'valibot';
import type { ClusterAccess, ExecPlugin } from './access.ts';

/** What requests carry to prove who we are. */
export interface Identity {
  /** Value of the Authorization header. */
  readonly authorization: Secret | undefined;
  readonly pair: { readonly certificate: string; readonly key: Secret } | undefined;
  /** True where asking again may yield a newer one: a token file is rotated, a plug-in's token expires. */
  readonly renewable: boolean;
}

export interface SignInTools {
  readonly programs: Programs;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
}

const execCredential = v.looseObject({
  status: v.looseObject({
    token: v.optional(v.string()),
    clientCertificateData: v.optional(v.string()),
    clientKeyData: v.optional(v.string()),
  }),
});

/**
 * Gets the credentials that the kubeconfig describes; a plug-in is run, a token file read, anew at each call.
 * @throws ActionError `error-auth` (an expired certificate, an unreadable token), `error-tool` (the plug-in is missing or fails)
 */
export async function signIn(access: ClusterAccess, tools: SignInTools): Promise<Identity> {
  const { credentials } = access;
  if (credentials.pair !== undefined) {
    tools.redactor.add(credentials.pair.key);
    refuseExpired(credentials.pair.certificate, access);
  }
  const identity = (scheme: string, value: string, renewable: boolean): Identity => {
    tools.redactor.add(value);
    return { authorization: new Secret(`${scheme} ${value}`), pair: credentials.pair, renewable };
  };
  switch (credentials.kind) {
    case 'none':
      return { authorization: undefined, pair: credentials.pair, renewable: false };
    case 'token':
      return identity('Bearer', credentials.token.reveal(), false);
    case 'basic': {
      const text = `${credentials.username}:${credentials.password.reveal()}`;
      tools.redactor.add(credentials.password);
      return identity('Basic', Buffer.from(text).toString('base64'), false);
    }
    case 'token-file':
      return identity('Bearer', await readToken(credentials.path, access), true);
    case 'exec': {
      const { pair, authorization } = await runPlugin(credentials, access, tools);
      return { authorization, pair: pair ?? credentials.pair, renewable: true };
    }
  }
}

async function readToken(file: string, access: ClusterAccess): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new ActionError('error-auth', `the token file of context "${access.context}" cannot be read: ${file}`, {
      hint: 'give a kubeconfig whose files exist on this runner',
      cause,
    });
  }
}

/** Of a plug-in's variables only these are hidden: a region or a profile's name blotted out everywhere would hide the verdict too. */
const NAMES_A_SECRET = /SECRET|TOKEN|PASSWORD|PRIVATE|CREDENTIAL/i;

async function runPlugin(
  plugin: ExecPlugin,
  access: ClusterAccess,
  tools: SignInTools,
): Promise<Pick<Identity, 'authorization' | 'pair'>> {
  const asked = `the sign-in program \`${plugin.command}\` of context "${access.context}"`;
  const cluster = {
    server: access.server.href,
    ...(access.tls.ca === undefined
      ? {}
      : { 'certificate-authority-data': Buffer.from(access.tls.ca).toString('base64') }),
    ...(access.tls.serverName === undefined ? {} : { 'tls-server-name': access.tls.serverName }),
    'insecure-skip-tls-verify': access.tls.insecure,
  };
  const info = {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(plugin.provideClusterInfo ? { cluster } : {}) },
  };
  for (const [name, value] of Object.entries(plugin.env)) if (NAMES_A_SECRET.test(name)) tools.redactor.add(value);
  const { stdout } = await tools.programs.run(plugin.command, plugin.args, {
    env: { ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
    signal: tools.signal,
    quiet: true,
    getItBy: plugin.installHint ?? 'install it in an earlier step, or give a kubeconfig with a token',
  });
  const status = parseCredential(stdout, asked);
  if (status.token !== undefined) tools.redactor.add(status.token);
  if (status.clientKeyData !== undefined) tools.redactor.add(status.clientKeyData);
  return {
    authorization: status.token === undefined ? undefined : new Secret(`Bearer ${status.token}`),
    pair:
      status.clientCertificateData === undefined || status.clientKeyData === undefined
        ? undefined
        : { certificate: status.clientCertificateData, key: new Secret(status.clientKeyData) },
  };
}

function parseCredential(stdout: string, asked: string): v.InferOutput<typeof execCredential>['status'] {
  try {
    return v.parse(execCredential, JSON.parse(stdout)).status;
  } catch {
    // The cause would quote what the program printed, which may be half a credential.
    throw new ActionError('error-auth', `${asked} printed no ExecCredential`, {
      hint: 'run it by hand with the same environment to see what it says',
    });
  }
}

function refuseExpired(certificate: string, access: ClusterAccess): void {
  let expires: Date;
  try {
    expires = new Date(new X509Certificate(certificate).validTo);
  } catch (cause) {
    throw new ActionError(
      'error-input',
      `the client certificate of context "${access.context}" is no valid certificate`,
      {
        hint: 'give the kubeconfig unshortened (kubectl config view --raw)',
        cause,
      },
    );
  }
  if (expires.getTime() < Date.now()) {
    throw new ActionError(
      'error-auth',
      `the client certificate of context "${access.context}" expired on ${expires.toISOString()}`,
      {
        hint: 'renew it and update the secret that holds the kubeconfig',
      },
    );
  }
}

/** When a JSON web token expires, or undefined where it is none or never does. The signature is not looked at. */
export function tokenExpiry(token: string): Date | undefined {
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const parsed = v.safeParse(v.looseObject({ exp: v.number() }), claims);
    return parsed.success ? new Date(parsed.output.exp * 1000) : undefined;
  } catch {
    return undefined;
  }
}
