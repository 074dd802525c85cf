import { join } from 'node:path';
import { readPlans } from './cell/host.ts';
import { answers } from './cell/probe.ts';
import { checkedName, stateFolder } from './folders.ts';
import { type CellHealth, cellHealth } from './health.ts';
import type { CellPlan, PortRange } from './plan.ts';
import { readRecord } from './record.ts';

/** The cell of what the clusters share. */
export const SERVICES = 'services';

/** One cluster of a sandbox. */
export interface Cluster {
  readonly name: string;
  /** Path of the administrator's kubeconfig, which holds all it needs. */
  readonly kubeconfig: string;
  /** URL of the API server. */
  readonly server: string;
  /**
   * What Services of type NodePort get; each answers on 127.0.0.1 of the machine under the same number.
   * Null in a cluster of somebody else's, whose nodes may be anywhere.
   */
  readonly nodePorts: PortRange | null;
}

/** A sandbox that is up. */
export interface Sandbox {
  readonly name: string;
  /** What its clusters are: cells of this package's, containers made by kind, or somebody else's, named by contexts. */
  readonly kind: 'cells' | 'kind' | 'contexts';
  /** In the order of the names. */
  readonly clusters: readonly Cluster[];
  /** `localhost:PORT`: the same on the machine and in every cluster; plain HTTP, no credentials. */
  readonly registry: string;
  /** The folder of everything that belongs to the sandbox, logs included. */
  readonly folder: string;
  /** The folder of the programs that were compiled for it, `kustomize` among them; null without cells. */
  readonly programs: string | null;
}

/** How the cells of a sandbox do, or its clusters where it has no cells, by name; empty when there is no such sandbox. */
export async function status(name: string): Promise<Map<string, CellHealth>> {
  const state = stateFolder(name);
  const health = new Map<string, CellHealth>();
  for (const { name: cluster, server } of readRecord(state)?.clusters ?? []) {
    const up = await answers({ kind: 'http', url: `${server}/readyz` });
    health.set(cluster, up ? { state: 'ready' } : { state: 'failed', reason: `${server} does not answer` });
  }
  for (const [cell, plan] of readPlans(state)) {
    health.set(cell, cellHealth(plan));
  }
  return health;
}

/**
 * A sandbox that is already up.
 * @throws Error saying which part is missing or has failed, and what to do.
 */
export function connect(name: string): Sandbox {
  const state = stateFolder(name);
  const record = readRecord(state);
  if (record) {
    return record;
  }
  const plans = readPlans(state);
  const services = plans.get(SERVICES);
  if (!services) {
    throw new Error(`there is no sandbox "${name}": start it with script/sandbox up --name ${name}`);
  }
  for (const plan of plans.values()) {
    const health = cellHealth(plan);
    if (health.state === 'failed') {
      throw new Error(
        `${health.reason}\n  Start it anew: script/sandbox down --name ${name} && script/sandbox up --name ${name}`,
      );
    }
  }
  const clusters = [...plans.values()].filter(({ cell }) => cell !== SERVICES).map(describeCluster);
  return {
    name,
    kind: 'cells',
    clusters: clusters.sort((left, right) => left.name.localeCompare(right.name)),
    registry: `localhost:${mainPort(services)}`,
    folder: state,
    programs: services.programs,
  };
}

/** One cluster of a sandbox by its name. @throws Error naming those there are. */
export function clusterOf(sandbox: Sandbox, name: string): Cluster {
  const cluster = sandbox.clusters.find((candidate) => candidate.name === name);
  if (!cluster) {
    const names = sandbox.clusters.map((candidate) => candidate.name).join(', ');
    throw new Error(`the sandbox "${sandbox.name}" has no cluster "${name}": it has ${names}`);
  }
  return cluster;
}

/** A cluster's folder below the sandbox's state folder. */
export function clusterFolder(cluster: string): string {
  return join('clusters', checkedName(cluster));
}

/** Where a cluster's administrator finds the kubeconfig. */
export function kubeconfigFile(state: string, cluster: string): string {
  return join(state, clusterFolder(cluster), 'kubeconfig');
}

function describeCluster(plan: CellPlan): Cluster {
  const [, ...nodePorts] = plan.published.map(({ port }) => port);
  return {
    name: plan.cell,
    kubeconfig: kubeconfigFile(plan.state, plan.cell),
    server: `https://127.0.0.1:${mainPort(plan)}`,
    nodePorts: { first: Math.min(...nodePorts), last: Math.max(...nodePorts) },
  };
}

/** A cell publishes its main port first. */
export function mainPort(plan: CellPlan): number {
  const [first] = plan.published;
  if (!first) {
    throw new Error(`the cell "${plan.cell}" publishes no port`);
  }
  return first.port;
}
