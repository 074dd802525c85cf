import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Cluster, ClusterError } from './kubernetes.js';
import { type Dashboard, dashboard } from './server.js';
import { readSettings } from './settings.js';

const settings = readSettings(
  { K8S_NAMESPACE: 'shop', ALLOWED_ORIGIN: 'http://localhost', DRAIN_MS: '100' },
  '4f2c',
);

const cluster: Cluster = {
  async pods(namespace) {
    if (namespace === 'closed') throw new ClusterError(403, 'pods is forbidden');
    if (namespace === 'gone') throw new Error('connect ECONNREFUSED');
    return [{ name: 'api-1', namespace, phase: 'Running', ready: true, restarts: 0 }];
  },
  async incidents() {
    return [];
  },
};

let api: Dashboard;
let base: string;

beforeEach(async () => {
  api = dashboard(settings, cluster);
  await new Promise<void>((resolve) => api.server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(api.server.address() as AddressInfo).port}`;
});

afterEach(() => {
  api.server.closeAllConnections();
  api.server.close();
});

it('is healthy, and says which version it is', async () => {
  const answer = await fetch(`${base}/api/health`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost');
  expect(await answer.json()).toEqual({
    status: 'ok',
    version: '4f2c',
    features: { summary: false, email: false },
  });
});

it.each([
  ['/api/pods', 'shop'],
  ['/api/pods?namespace=other', 'other'],
])('%s lists the pods of %s', async (path, namespace) => {
  const { pods } = (await (await fetch(base + path)).json()) as { pods: { namespace: string }[] };
  expect(pods.map((pod) => pod.namespace)).toEqual([namespace]);
});

it('lists incidents', async () => {
  expect(await (await fetch(`${base}/api/incidents`)).json()).toEqual({ incidents: [] });
});

it.each([
  ['/api/pods?namespace=closed', 'GET', 403, 'pods is forbidden'],
  ['/api/pods?namespace=gone', 'GET', 502, 'connect ECONNREFUSED'],
  ['/api/nothing', 'GET', 404, 'nothing at /api/nothing'],
  ['/api/health', 'POST', 405, 'only GET is understood'],
])('%s by %s is answered %i', async (path, method, status, error) => {
  const answer = await fetch(base + path, { method });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ error });
});

it('still answers while it stops, and closes the connection', async () => {
  const stopped = api.stop();
  const answer = await fetch(`${base}/api/health`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('connection')).toBe('close');
  await stopped;
  await expect(fetch(`${base}/api/health`)).rejects.toThrow();
});
