import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { applyAddons, takesPods } from './addons.ts';
import { AdminApi } from './api.ts';
import { bootstrap } from './bootstrap.ts';
import { PortTakenError, readPlans, startCell } from './cell/host.ts';
import { clusterLayout, clusterPlan, nodeName, type SandboxLayout, servicesPlan } from './cells.ts';
import { makeCgroup } from './cgroups.ts';
import { components } from './components.ts';
import { stateFolder } from './folders.ts';
import { cellHealth } from './health.ts';
import { imageSeed } from './images/seed.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { REGISTRY_DATA } from './parts/registry.ts';
import { CLIENTS, makePki } from './pki.ts';
import type { CellPlan } from './plan.ts';
import { areFree, type PortBlock, portBlocks } from './ports.ts';
import type { Progress } from './progress.ts';
import { removeLocal } from './remove.ts';
import { checkRequirements } from './requirements.ts';
import { clusterFolder, kubeconfigFile, mainPort, SERVICES } from './sandbox.ts';

/** How long a cluster may take to become ready, in milliseconds. */
const PATIENCE = 180_000;

/**
 * Has a sandbox of cells be up. Cells that run stay as they are; when one of them has failed all are made anew.
 * The caller holds the sandbox's lock.
 * @throws Error saying which requirement is missing, or which part failed with its last lines.
 */
export async function upLocal(name: string, clusters: readonly string[], progress: Progress): Promise<void> {
  const state = stateFolder(name);
  if ([...readPlans(state).values()].some((plan) => cellHealth(plan).state === 'failed')) {
    await progress.step(`remove what is left of the sandbox "${name}"`, () => removeLocal(name));
  }
  const running = readPlans(state);
  const missing = clusters.filter((cluster) => !running.has(cluster));
  if (missing.length > 0) {
    const [programs, seed] = await prepareLocal(progress, missing.length);
    mkdirSync(state, { recursive: true });
    const sandbox = { name, state, programs };
    const services = running.get(SERVICES) ?? (await startServices(sandbox, seed));
    await Promise.all(
      missing.map((cluster) =>
        progress.step(`start the cluster "${cluster}"`, () => startCluster(sandbox, cluster, mainPort(services))),
      ),
    );
  }
  // A start that was killed may have left a cell that runs and a cluster that is not finished.
  await Promise.all([...running.values()].filter(({ cell }) => cell !== SERVICES).map(finishCluster));
}

/** Everything that is made once a machine, for so many clusters to come: the slow steps side by side. */
export async function prepareLocal(progress: Progress, clusters: number): Promise<[programs: string, seed: string]> {
  checkRequirements(clusters);
  const programs = components(progress);
  const seed = bootstrap('sandbox').then(() => imageSeed(programs, progress));
  return Promise.all([programs, seed]);
}

async function startServices(sandbox: SandboxLayout, seed: string): Promise<CellPlan> {
  cpSync(seed, join(sandbox.state, REGISTRY_DATA), { recursive: true });
  const plan = await startOnFreePorts(sandbox.name, SERVICES, (ports) => servicesPlan(sandbox, ports));
  await settled(plan, async () => true);
  return plan;
}

async function startCluster(sandbox: SandboxLayout, cluster: string, registryPort: number): Promise<void> {
  const folder = join(sandbox.state, clusterFolder(cluster));
  const pki = join(folder, 'pki');
  await makePki(pki, nodeName(cluster));
  const plan = await startOnFreePorts(sandbox.name, cluster, (ports) => {
    const layout = clusterLayout(sandbox, cluster, ports, registryPort);
    makeCgroup(layout.cgroup);
    const server = `https://127.0.0.1:${ports.main}`;
    for (const client of [...Object.keys(CLIENTS), 'kubelet']) {
      writeKubeconfig(join(folder, 'kubeconfigs', client), cluster, server, pki, client);
    }
    writeKubeconfig(kubeconfigFile(sandbox.state, cluster), cluster, server, pki, 'admin');
    return clusterPlan(sandbox, cluster, ports, registryPort);
  });
  await finishCluster(plan);
}

/** Waits for a cluster that starts, and gives it its add-ons; does no harm to one that has them. */
async function finishCluster(plan: CellPlan): Promise<void> {
  const api = new AdminApi(mainPort(plan), join(plan.state, clusterFolder(plan.cell), 'pki'));
  await settled(plan, async () => (await api.get<object>('/api/v1/namespaces/default')) !== null, 'kube-apiserver');
  await applyAddons(api);
  await settled(plan, () => takesPods(api, nodeName(plan.cell)));
}

/** Starts a cell on the first block of ports that nobody has. */
async function startOnFreePorts(
  sandbox: string,
  cell: string,
  render: (ports: PortBlock) => CellPlan,
): Promise<CellPlan> {
  for (const ports of portBlocks(sandbox, cell)) {
    if (!(await areFree([ports.main]))) {
      continue;
    }
    const plan = render(ports);
    try {
      await startCell(plan);
      return plan;
    } catch (error) {
      if (!(error instanceof PortTakenError)) {
        throw error;
      }
    }
  }
  throw new Error(
    'every port that a sandbox uses, 20000 to 29999, is taken: end other sandboxes with script/sandbox down',
  );
}

/**
 * Waits until a cell's parts are ready and `also` holds.
 * @param upTo when given, only this part has to be ready.
 * @throws Error when a part fails or the time is up.
 */
async function settled(plan: CellPlan, also: () => Promise<boolean>, upTo?: string): Promise<void> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const health = cellHealth(plan);
    if (health.state === 'failed') {
      throw new Error(health.reason);
    }
    const ready = health.state === 'ready' || (upTo !== undefined && !health.waitingFor.includes(upTo));
    if (ready && (await also())) {
      return;
    }
    if (performance.now() > end) {
      const waiting = health.state === 'starting' ? health.waitingFor.join(', ') : 'the node';
      throw new Error(
        `the cell "${plan.cell}" did not become ready in ${PATIENCE / 1000} s; still waiting for ${waiting}. Its logs: ${join(plan.state, 'cells', plan.cell, 'logs')}`,
      );
    }
    await sleep(100);
  }
}
