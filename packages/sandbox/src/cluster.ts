import type { Part } from './plan.ts';
import type { PortBlock } from './ports.ts';

/** What the parts of a cluster are rendered from. */
export interface ClusterLayout {
  readonly sandbox: string;
  readonly name: string;
  /** The cluster's folder below the sandbox's state folder. */
  readonly folder: string;
  /** The same folder as it is called inside the cell. */
  readonly inside: string;
  readonly ports: PortBlock;
  readonly registryPort: number;
  /** The folder of the programs we compile. */
  readonly programs: string;
  readonly nodeName: string;
  readonly cgroup: string;
  /** Reference of the image that holds a pod's namespaces. */
  readonly pauseImage: string;
}

/** The same in every cluster: each has a network namespace of its own. */
export const NODE_ADDRESS = '172.31.0.1';
export const POD_RANGE = '10.244.0.0/16';
export const SERVICE_RANGE = '10.96.0.0/16';
/** The first address of the service range, which Kubernetes gives to its API server. */
export const API_SERVICE_ADDRESS = '10.96.0.1';
export const CLUSTER_DOMAIN = 'cluster.local';

/** A part of a cluster: rendering only, nothing is touched. */
export type ClusterPart = (cluster: ClusterLayout) => Part;
