export interface Pod {
  name: string;
  namespace: string;
  phase: string;
  ready: boolean;
  restarts: number;
}

export interface Incident {
  reason: string;
  object: string;
  message: string;
  count: number;
}

/** What one look at the backend shows. */
export interface Snapshot {
  version: string;
  pods: Pod[];
  incidents: Incident[];
}

/** Asks the backend at `base` (empty: the page's own origin) for everything that the page shows. */
export async function look(base: string): Promise<Snapshot> {
  const [{ version }, { pods }, { incidents }] = await Promise.all([
    get<{ version: string }>(`${base}/api/health`),
    get<{ pods: Pod[] }>(`${base}/api/pods`),
    get<{ incidents: Incident[] }>(`${base}/api/incidents`),
  ]);
  return { version, pods, incidents };
}

async function get<Body>(url: string): Promise<Body> {
  const answer = await fetch(url);
  const body = (await answer.json()) as Body & { error?: string };
  if (!answer.ok) throw new Error(body.error ?? `${url} answered ${answer.status}`);
  return body;
}
