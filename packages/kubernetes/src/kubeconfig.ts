import path from 'node:path';
import type { Secret } from '@deploy-actions/core';
import * as v from 'valibot';
import { parse as parseYaml } from 'yaml';
import { type ClusterAccess, inClusterAccess } from './access.ts';
import { type ClusterEntry, type ContextEntry, kubeconfigSchema, type UserEntry } from './kubeconfig-schema.ts';
import { credentialsOf, fault, pemOf, readOptional } from './kubeconfig-user.ts';

/** Several kubeconfig files as one; paths inside are absolute by now. The first to name something wins, as in kubectl. */
interface Kubeconfig {
  currentContext: string | undefined;
  readonly clusters: Map<string, ClusterEntry>;
  readonly users: Map<string, UserEntry>;
  readonly contexts: Map<string, ContextEntry>;
}

/** Where a kubeconfig may come from, in order: the input, `KUBECONFIG`, `~/.kube/config`, the pod's own account. */
export interface KubeconfigSources {
  /** The `kubeconfig` input: a path, the content, or the content in base64. */
  readonly input: Secret | undefined;
  readonly context: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workspace: string;
}

/**
 * Finds the cluster to talk to and how to sign in.
 * @throws ActionError `error-input`: one sentence that never quotes the kubeconfig's content
 */
export async function loadClusterAccess(sources: KubeconfigSources): Promise<ClusterAccess> {
  const found = await readSources(sources);
  if (found === undefined) {
    const inside = await inClusterAccess(sources.env);
    if (inside !== undefined) return inside;
    throw fault(
      'there is no kubeconfig: the input `kubeconfig` and KUBECONFIG are empty, ~/.kube/config does not exist, and this is no pod',
      'give the input `kubeconfig` (mostly a secret of the repository), or set the context in an earlier step',
    );
  }
  return await chooseContext(found, sources.context);
}

/** What the `kubeconfig` input holds: told apart by its shape, so that users need no switch. */
export function tellKubeconfigApart(text: string): { readonly kind: 'path' | 'content'; readonly text: string } {
  const trimmed = text.trim();
  if (/[\n{]/.test(trimmed) && !/^[A-Za-z0-9+/=\s]+$/.test(trimmed)) return { kind: 'content', text };
  const packed = trimmed.replace(/\s+/g, '');
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(packed) && packed.length % 4 === 0) {
    const decoded = Buffer.from(packed, 'base64').toString('utf8');
    if (/\b(clusters|apiVersion|current-context)\b/.test(decoded)) return { kind: 'content', text: decoded };
  }
  return trimmed.includes(': ') ? { kind: 'content', text } : { kind: 'path', text: trimmed };
}

async function readSources(sources: KubeconfigSources): Promise<Kubeconfig | undefined> {
  const merged: Kubeconfig = { currentContext: undefined, clusters: new Map(), users: new Map(), contexts: new Map() };
  const home = sources.env.HOME ?? '';
  const resolve = (file: string) => path.resolve(sources.workspace, file.replace(/^~(?=\/)/, home));

  if (sources.input !== undefined && sources.input.reveal().trim() !== '') {
    const given = tellKubeconfigApart(sources.input.reveal());
    if (given.kind === 'content') {
      mergeInto(merged, given.text, 'the kubeconfig in the input `kubeconfig`', sources.workspace);
    } else {
      const file = resolve(given.text);
      const text = await readOptional(file);
      if (text === undefined) {
        throw fault(
          'the input `kubeconfig` is neither a kubeconfig, nor one in base64, nor the path of a file that exists',
          'give the whole content of the file (a secret of the repository), its base64 form, or a path relative to the workspace',
        );
      }
      mergeInto(merged, text, `the kubeconfig ${file}`, path.dirname(file));
    }
    return merged;
  }
  const listed = sources.env.KUBECONFIG?.split(path.delimiter).filter((file) => file !== '') ?? [];
  const files = listed.length > 0 ? listed : home === '' ? [] : [path.join(home, '.kube', 'config')];
  let found = false;
  for (const file of files.map(resolve)) {
    const text = await readOptional(file);
    if (text === undefined) continue;
    found = true;
    mergeInto(merged, text, `the kubeconfig ${file}`, path.dirname(file));
  }
  if (!found && listed.length > 0) {
    throw fault(
      `no file that KUBECONFIG names exists: ${listed.join(', ')}`,
      'correct KUBECONFIG, or give the input `kubeconfig`',
    );
  }
  return found ? merged : undefined;
}

function mergeInto(merged: Kubeconfig, text: string, what: string, folder: string): void {
  const hint = 'give the file as `kubectl config view --raw --minify` prints it';
  if (text.trim() === '') throw fault(`${what} is empty`, hint);
  let raw: unknown;
  try {
    raw = parseYaml(text);
  } catch {
    // The parser's message quotes lines of the file, which holds credentials.
    throw fault(`${what} is not valid YAML`, hint);
  }
  const parsed = v.safeParse(kubeconfigSchema, raw);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    const where = v.getDotPath(issue);
    throw fault(
      `${what} is no kubeconfig: ${where === null ? 'it is no mapping' : `${where} is missing or of the wrong type`}`,
      hint,
    );
  }
  const absolute = (file: string | null | undefined) => (file ? path.resolve(folder, file) : file);
  merged.currentContext ??= parsed.output['current-context'] || undefined;
  for (const entry of parsed.output.clusters ?? []) {
    const { name, cluster } = entry;
    const known = { ...cluster, 'certificate-authority': absolute(cluster['certificate-authority']) };
    if (!merged.clusters.has(name)) merged.clusters.set(name, known);
  }
  for (const entry of parsed.output.users ?? []) {
    const user = entry.user ?? {};
    if (merged.users.has(entry.name)) continue;
    merged.users.set(entry.name, {
      ...user,
      'client-certificate': absolute(user['client-certificate']),
      'client-key': absolute(user['client-key']),
      tokenFile: absolute(user.tokenFile),
    });
  }
  for (const entry of parsed.output.contexts ?? []) {
    if (!merged.contexts.has(entry.name)) merged.contexts.set(entry.name, entry.context);
  }
}

async function chooseContext(config: Kubeconfig, wanted: string | undefined): Promise<ClusterAccess> {
  const known = [...config.contexts.keys()];
  const list = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  const name = wanted ?? config.currentContext ?? (known.length === 1 ? known[0] : undefined);
  if (name === undefined) {
    throw fault(
      `the kubeconfig names no current context (${list})`,
      'give the input `context`, or set current-context in the kubeconfig',
    );
  }
  const context = config.contexts.get(name);
  if (context === undefined)
    throw fault(`the kubeconfig has no context "${name}" (${list})`, 'correct the input `context`');
  const cluster = config.clusters.get(context.cluster);
  if (cluster === undefined) {
    throw fault(
      `context "${name}" of the kubeconfig names the cluster "${context.cluster}", which is not in it`,
      'give the complete kubeconfig',
    );
  }
  const user = context.user ? config.users.get(context.user) : {};
  if (user === undefined) {
    throw fault(
      `context "${name}" of the kubeconfig names the user "${context.user}", who is not in it`,
      'give the complete kubeconfig',
    );
  }
  const server = URL.parse(cluster.server);
  if (server === null || !/^https?:$/.test(server.protocol)) {
    throw fault(
      `cluster "${context.cluster}" of the kubeconfig has no valid server address`,
      'server must be like https://HOST:6443',
    );
  }
  const proxyUrl = cluster['proxy-url'] || undefined;
  if (proxyUrl !== undefined && !(URL.canParse(proxyUrl) && /^https?:$/.test(new URL(proxyUrl).protocol))) {
    throw fault(
      `cluster "${context.cluster}" of the kubeconfig has no valid proxy-url`,
      'proxy-url must be like http://HOST:3128',
    );
  }
  const ca = await pemOf(
    cluster['certificate-authority-data'],
    cluster['certificate-authority'],
    'certificate-authority',
  );
  return {
    context: name,
    namespace: context.namespace || undefined,
    server,
    tls: {
      ca,
      serverName: cluster['tls-server-name'] || undefined,
      insecure: cluster['insecure-skip-tls-verify'] === true,
    },
    proxyUrl,
    credentials: await credentialsOf(user, context.user ?? ''),
  };
}
