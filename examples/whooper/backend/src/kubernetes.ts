import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, request } from 'undici';

/** The part of a pod that the dashboard shows. */
export interface Pod {
  readonly name: string;
  readonly namespace: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly restarts: number;
}

/** A warning that the cluster recorded about one object. */
export interface Incident {
  readonly reason: string;
  readonly object: string;
  readonly message: string;
  readonly count: number;
}

/** What the dashboard asks of a cluster. */
export interface Cluster {
  pods(namespace: string): Promise<Pod[]>;
  incidents(namespace: string): Promise<Incident[]>;
}

/** The API server said no; `status` is its HTTP status. */
export class ClusterError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface List<Item> {
  readonly items: Item[];
}

interface ApiPod {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly status: {
    readonly phase?: string;
    readonly containerStatuses?: { readonly ready: boolean; readonly restartCount: number }[];
  };
}

interface ApiEvent {
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly involvedObject: { readonly kind?: string; readonly name?: string };
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The cluster this pod runs in, spoken to as the pod's own ServiceAccount over kept-alive connections.
 * `server` is the API server's address and `account` the folder with the account's `token` and `ca.crt`.
 */
export function ownCluster(server = serverFrom(process.env), account = ACCOUNT): Cluster {
  let agent: Agent | undefined;

  async function list<Item>(path: string): Promise<Item[]> {
    agent ??= new Agent({ connect: { ca: await readFile(join(account, 'ca.crt')) } });
    // Read each time: the kubelet renews the token well before it runs out.
    const token = await readFile(join(account, 'token'), 'utf8');
    const answer = await request(`${server}${path}`, {
      dispatcher: agent,
      headers: { authorization: `Bearer ${token.trim()}`, accept: 'application/json' },
      headersTimeout: 5000,
      bodyTimeout: 5000,
    });
    if (answer.statusCode !== 200) {
      const status = (await answer.body.json()) as { message?: string };
      throw new ClusterError(answer.statusCode, status.message ?? 'the API server refused');
    }
    return ((await answer.body.json()) as List<Item>).items;
  }

  return {
    async pods(namespace) {
      const items = await list<ApiPod>(`/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`);
      return items.map(podOf);
    },
    async incidents(namespace) {
      const query = '?fieldSelector=type%3DWarning&limit=100';
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events${query}`;
      return (await list<ApiEvent>(path)).map(incidentOf);
    },
  };
}

function serverFrom(env: NodeJS.ProcessEnv): string {
  return `https://${env.KUBERNETES_SERVICE_HOST || 'kubernetes.default.svc'}:${env.KUBERNETES_SERVICE_PORT || '443'}`;
}

function podOf({ metadata, status }: ApiPod): Pod {
  const containers = status.containerStatuses ?? [];
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    phase: status.phase ?? 'Unknown',
    ready: containers.length > 0 && containers.every((container) => container.ready),
    restarts: containers.reduce((sum, container) => sum + container.restartCount, 0),
  };
}

function incidentOf({ reason, message, count, involvedObject }: ApiEvent): Incident {
  return {
    reason: reason ?? '',
    object: `${involvedObject.kind}/${involvedObject.name}`,
    message: message ?? '',
    count: count ?? 1,
  };
}
