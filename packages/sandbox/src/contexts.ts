import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { stateFolder } from './folders.ts';
import { writeRecord } from './record.ts';
import type { Cluster } from './sandbox.ts';

interface Kubeconfig {
  readonly clusters?: readonly { readonly name: string; readonly cluster: { readonly server: string } }[];
  readonly contexts?: readonly {
    readonly name: string;
    readonly context: { readonly cluster: string; readonly user: string };
  }[];
  readonly users?: readonly { readonly name: string }[];
}

/** Clusters that are there already, by the names of their contexts, with the registry that they pull from. */
export interface ExistingClusters {
  /** One for each of the sandbox's clusters, in their order; the last one stands for the rest. */
  readonly contexts: readonly [string, ...string[]];
  /** `HOST[:PORT]` that this machine pushes to and the clusters pull from. */
  readonly registry: string;
}

/**
 * Has a sandbox stand for clusters of the developer's own. Their kubeconfigs are copied, cut down to the one context.
 * Nothing is started, and the clusters are not touched; the base images are the public ones.
 * It was never run where this suite is developed: there is no cluster there but the sandbox's own.
 * @throws Error when the kubeconfig does not have one of the contexts.
 */
export function useContexts(name: string, clusters: readonly string[], existing: ExistingClusters): void {
  const folder = stateFolder(name);
  mkdirSync(folder, { recursive: true });
  const source = process.env.KUBECONFIG?.split(':')[0] || join(homedir(), '.kube', 'config');
  const kubeconfig = parse(readFileSync(source, 'utf8')) as Kubeconfig;
  const described = clusters.map((cluster, index): Cluster => {
    const context = existing.contexts[index] ?? existing.contexts[existing.contexts.length - 1] ?? existing.contexts[0];
    const { server, content } = cutDown(kubeconfig, context, source);
    const file = join(folder, `${cluster}.kubeconfig`);
    writeFileSync(file, stringify(content), { mode: 0o600 });
    return { name: cluster, kubeconfig: file, server, nodePorts: null };
  });
  writeRecord({ name, kind: 'contexts', clusters: described, registry: existing.registry, folder, programs: null });
}

function cutDown(kubeconfig: Kubeconfig, name: string, source: string): { server: string; content: object } {
  const context = kubeconfig.contexts?.find((candidate) => candidate.name === name);
  const cluster = kubeconfig.clusters?.find((candidate) => candidate.name === context?.context.cluster);
  const user = kubeconfig.users?.find((candidate) => candidate.name === context?.context.user);
  if (!context || !cluster || !user) {
    const names = kubeconfig.contexts?.map((candidate) => candidate.name).join(', ') || 'none';
    throw new Error(`${source} has no complete context "${name}"; it has: ${names}`);
  }
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [cluster],
    users: [user],
    contexts: [context],
    'current-context': name,
  };
  return { server: cluster.cluster.server, content };
}
