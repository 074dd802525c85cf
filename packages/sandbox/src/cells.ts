import { join } from 'node:path';
import { sandboxCgroup } from './cgroups.ts';
import { type ClusterLayout, type ClusterPart, NODE_ADDRESS, SERVICE_RANGE } from './cluster.ts';
import { INSIDE } from './folders.ts';
import { apiServer } from './parts/api-server.ts';
import { containerd } from './parts/containerd.ts';
import { controllerManager } from './parts/controller-manager.ts';
import { coredns } from './parts/coredns.ts';
import { etcd } from './parts/etcd.ts';
import { kubeProxy } from './parts/kube-proxy.ts';
import { kubelet } from './parts/kubelet.ts';
import { REGISTRY_SOCKET, registry } from './parts/registry.ts';
import { scheduler } from './parts/scheduler.ts';
import type { CellPlan } from './plan.ts';
import { type PortBlock, portsOf } from './ports.ts';
import { clusterFolder, SERVICES } from './sandbox.ts';

/** In the order in which they start, where it matters. */
const CLUSTER_PARTS: readonly ClusterPart[] = [
  etcd,
  containerd,
  apiServer,
  controllerManager,
  scheduler,
  kubelet,
  kubeProxy,
  coredns,
];

/** What every cell of a sandbox is made from. */
export interface SandboxLayout {
  readonly name: string;
  /** The sandbox's state folder. */
  readonly state: string;
  /** The folder of the programs we compile. */
  readonly programs: string;
}

/** The cell of what the clusters share: now the registry. */
export function servicesPlan(sandbox: SandboxLayout, ports: PortBlock): CellPlan {
  return {
    ...common(sandbox),
    cell: SERVICES,
    parts: [registry()],
    published: [{ port: ports.main, to: `unix:${REGISTRY_SOCKET}` }],
    imported: [],
    network: null,
  };
}

/** The cell of one cluster. */
export function clusterPlan(sandbox: SandboxLayout, name: string, ports: PortBlock, registryPort: number): CellPlan {
  const layout = clusterLayout(sandbox, name, ports, registryPort);
  return {
    ...common(sandbox),
    cell: name,
    parts: CLUSTER_PARTS.map((part) => part(layout)),
    published: [ports.main, ...portsOf(ports.nodePorts)].map((port) => ({ port, to: `tcp:127.0.0.1:${port}` })),
    imported: [{ port: registryPort, to: `unix:${REGISTRY_SOCKET}` }],
    network: { nodeAddress: NODE_ADDRESS, serviceRange: SERVICE_RANGE },
  };
}

/** What the parts of the cluster called `name` are rendered from. */
export function clusterLayout(
  sandbox: SandboxLayout,
  name: string,
  ports: PortBlock,
  registryPort: number,
): ClusterLayout {
  const folder = clusterFolder(name);
  return {
    name,
    folder,
    inside: join(INSIDE, folder),
    ports,
    registryPort,
    sandbox: sandbox.name,
    programs: sandbox.programs,
    nodeName: nodeName(name),
    cgroup: `${sandboxCgroup(sandbox.name)}/${name}`,
    pauseImage: `localhost:${registryPort}/pause:1`,
  };
}

/** The one node of a cluster. */
export function nodeName(cluster: string): string {
  return `${cluster}-node`;
}

function common(sandbox: SandboxLayout): Pick<CellPlan, 'sandbox' | 'state' | 'keep' | 'programs'> {
  return { sandbox: sandbox.name, state: sandbox.state, keep: [sandbox.programs], programs: sandbox.programs };
}
