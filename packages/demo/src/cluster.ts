import type { Cluster } from '@deploy-actions/sandbox';
import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';

/** A Deployment as the cluster has it. */
export interface Workload {
  /** The first container's image, as the pods are told. */
  readonly image: string;
  /** The images of the pods that are ready and not about to end. */
  readonly readyImages: readonly string[];
  readonly replicas: number;
}

/**
 * What a cluster says of itself, asked with the official client and not with the suite's own: a proof needs a second witness.
 */
export class Witness {
  readonly #core: CoreV1Api;
  readonly #apps: AppsV1Api;

  constructor(cluster: Pick<Cluster, 'kubeconfig'>) {
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    this.#core = config.makeApiClient(CoreV1Api);
    this.#apps = config.makeApiClient(AppsV1Api);
  }

  /** `http://127.0.0.1:PORT` of a Service of type NodePort. @throws Error when it has no node port. */
  async address(namespace: string, service: string): Promise<string> {
    const { spec } = await this.#core.readNamespacedService({ namespace, name: service });
    const port = spec?.ports?.[0]?.nodePort;
    if (port === undefined) throw new Error(`Service ${namespace}/${service} has no node port`);
    return `http://127.0.0.1:${port}`;
  }

  async workload(namespace: string, name: string): Promise<Workload> {
    const { spec } = await this.#apps.readNamespacedDeployment({ namespace, name });
    const labelSelector = Object.entries(spec?.selector.matchLabels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    const { items } = await this.#core.listNamespacedPod({ namespace, labelSelector });
    const ready = items.filter(
      ({ metadata, status }) =>
        metadata?.deletionTimestamp === undefined &&
        status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    );
    return {
      image: spec?.template.spec?.containers[0]?.image ?? '',
      readyImages: ready.map((pod) => pod.spec?.containers[0]?.image ?? ''),
      replicas: spec?.replicas ?? 0,
    };
  }

  /** A Secret's values, decoded. */
  async secret(namespace: string, name: string): Promise<Readonly<Record<string, string>>> {
    const { data = {} } = await this.#core.readNamespacedSecret({ namespace, name });
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
    );
  }

  /** Makes a namespace, as a cluster's administrator does before a team's pipeline may use it; one that is there stays. */
  async makeNamespace(name: string): Promise<void> {
    const { items } = await this.#core.listNamespace({ fieldSelector: `metadata.name=${name}` });
    if (items.length === 0) await this.#core.createNamespace({ body: { metadata: { name } } });
  }

  /** Whether there is a namespace of this name. */
  async hasNamespace(name: string): Promise<boolean> {
    const { items } = await this.#core.listNamespace({ fieldSelector: `metadata.name=${name}` });
    return items.length > 0;
  }
}
