import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Cluster, ClusterError } from './kubernetes.js';
import type { Settings } from './settings.js';

/** The server and the way to stop it without failing a request. */
export interface Dashboard {
  readonly server: Server;
  /** Answers on, closing each connection with its answer, for the drain time; then stops listening. */
  stop(): Promise<void>;
}

type Route = (url: URL) => Promise<unknown>;

/** The dashboard's API over `cluster`; nothing listens yet. */
export function dashboard(settings: Settings, cluster: Cluster): Dashboard {
  let stopping = false;
  const namespaceOf = (url: URL) => url.searchParams.get('namespace') ?? settings.namespace;
  const routes: Record<string, Route> = {
    '/api/health': async () => ({
      status: 'ok',
      version: settings.version,
      features: settings.features,
    }),
    '/api/pods': async (url) => ({ pods: await cluster.pods(namespaceOf(url)) }),
    '/api/incidents': async (url) => ({ incidents: await cluster.incidents(namespaceOf(url)) }),
  };

  async function handle(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    if (settings.allowedOrigin) {
      answer.setHeader('access-control-allow-origin', settings.allowedOrigin);
    }
    // A client that keeps its connection would otherwise meet a closed socket when the process ends.
    if (stopping) answer.setHeader('connection', 'close');
    const url = new URL(asked.url ?? '/', 'http://localhost');
    const route = routes[url.pathname];
    if (!route) return send(answer, 404, { error: `nothing at ${url.pathname}` });
    if (asked.method !== 'GET') return send(answer, 405, { error: 'only GET is understood' });
    try {
      send(answer, 200, await route(url));
    } catch (error) {
      console.error(error);
      const status = error instanceof ClusterError ? error.status : 502;
      send(answer, status, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  const server = createServer((asked, answer) => void handle(asked, answer));
  return {
    server,
    async stop() {
      stopping = true;
      await new Promise((resolve) => setTimeout(resolve, settings.drainMs));
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await closed;
    },
  };
}

function send(answer: ServerResponse, status: number, body: unknown): void {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
