import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { stateFolder } from './folders.ts';
import { areFree, type PortBlock, portBlocks, portsOf } from './ports.ts';
import type { Progress } from './progress.ts';
import { readRecord, writeRecord } from './record.ts';
import { type Sandbox, SERVICES } from './sandbox.ts';

const run = promisify(execFile);

/** Whether kind could make clusters here: it is installed, and a docker engine answers. */
export function hasKind(): boolean {
  try {
    execFileSync('kind', ['version'], { stdio: 'ignore' });
    execFileSync('docker', ['info'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Has a sandbox of kind's clusters be up, with a registry in a container beside them; those that are there stay.
 * It was never run where this suite is developed: no image can be pulled there.
 * @throws Error with kind's or docker's own words.
 */
export async function upKind(name: string, clusters: readonly string[], progress: Progress): Promise<void> {
  const folder = stateFolder(name);
  mkdirSync(folder, { recursive: true });
  const registryPort = await startRegistry(name);
  const { stdout } = await run('kind', ['get', 'clusters']);
  const running = stdout.split('\n');
  const known = readRecord(folder)?.clusters.filter((cluster) => running.includes(kindName(name, cluster.name))) ?? [];
  const sandbox = { name, kind: 'kind', registry: `localhost:${registryPort}`, folder, programs: null } as const;
  for (const cluster of clusters.filter((wanted) => !known.some((other) => other.name === wanted))) {
    const kubeconfig = join(folder, `${cluster}.kubeconfig`);
    const ports = await freeBlock(name, cluster);
    await progress.step(`start the cluster "${cluster}" with kind`, () =>
      createCluster(kindName(name, cluster), kubeconfig, ports, registryPort, name),
    );
    known.push({ name: cluster, kubeconfig, server: `https://127.0.0.1:${ports.main}`, nodePorts: ports.nodePorts });
    writeRecord({ ...sandbox, clusters: known });
  }
}

/** Ends the clusters and the registry of a sandbox that kind made. */
export async function removeKind(sandbox: Sandbox): Promise<void> {
  for (const cluster of sandbox.clusters) {
    await run('kind', ['delete', 'cluster', '--name', kindName(sandbox.name, cluster.name)]);
  }
  await run('docker', ['rm', '--force', '--volumes', registryName(sandbox.name)]);
}

async function createCluster(
  kind: string,
  kubeconfig: string,
  ports: PortBlock,
  registryPort: number,
  sandbox: string,
): Promise<void> {
  const config = stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    networking: { apiServerAddress: '127.0.0.1', apiServerPort: ports.main },
    containerdConfigPatches: [
      '[plugins."io.containerd.grpc.v1.cri".registry]\nconfig_path = "/etc/containerd/certs.d"\n',
    ],
    kubeadmConfigPatches: [
      stringify({
        kind: 'ClusterConfiguration',
        apiServer: { extraArgs: { 'service-node-port-range': `${ports.nodePorts.first}-${ports.nodePorts.last}` } },
      }),
    ],
    nodes: [
      {
        role: 'control-plane',
        extraPortMappings: portsOf(ports.nodePorts).map((port) => ({
          containerPort: port,
          hostPort: port,
          listenAddress: '127.0.0.1',
        })),
      },
    ],
  });
  const created = run('kind', [
    'create',
    'cluster',
    '--name',
    kind,
    '--kubeconfig',
    kubeconfig,
    '--wait',
    '3m',
    '--config',
    '-',
  ]);
  created.child.stdin?.end(config);
  await created;
  // Inside the node "localhost" is the node: its runtime is told where the registry of that name is.
  await run('docker', ['network', 'connect', 'kind', registryName(sandbox)]).catch(() => undefined);
  const folder = `/etc/containerd/certs.d/localhost:${registryPort}`;
  const hosts = `[host."http://${registryName(sandbox)}:5000"]`;
  await run('docker', [
    'exec',
    `${kind}-control-plane`,
    'sh',
    '-c',
    `mkdir -p ${folder} && echo '${hosts}' > ${folder}/hosts.toml`,
  ]);
}

async function startRegistry(sandbox: string): Promise<number> {
  const name = registryName(sandbox);
  const { main } = await freeBlock(sandbox, SERVICES);
  const publish = `127.0.0.1:${main}:5000`;
  await run('docker', ['inspect', name]).catch(() =>
    run('docker', ['run', '--detach', '--restart=always', '--publish', publish, '--name', name, 'registry:2']),
  );
  const { stdout } = await run('docker', ['port', name, '5000/tcp']);
  return Number(stdout.trim().split(':').pop());
}

async function freeBlock(sandbox: string, cell: string): Promise<PortBlock> {
  for (const ports of portBlocks(sandbox, cell)) {
    if (await areFree([ports.main])) {
      return ports;
    }
  }
  throw new Error('every port that a sandbox uses, 20000 to 29999, is taken');
}

function kindName(sandbox: string, cluster: string): string {
  return `${sandbox}-${cluster}`;
}

function registryName(sandbox: string): string {
  return `${sandbox}-registry`;
}
