import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Cluster, ownCluster } from './kubernetes.js';

const ANSWERS: Record<string, [number, unknown]> = {
  '/api/v1/namespaces/shop/pods': [
    200,
    {
      items: [
        {
          metadata: { name: 'api-1', namespace: 'shop' },
          status: {
            phase: 'Running',
            containerStatuses: [
              { ready: true, restartCount: 2 },
              { ready: false, restartCount: 1 },
            ],
          },
        },
        { metadata: { name: 'api-2', namespace: 'shop' }, status: {} },
      ],
    },
  ],
  '/api/v1/namespaces/shop/events?fieldSelector=type%3DWarning&limit=100': [
    200,
    {
      items: [
        {
          reason: 'BackOff',
          message: 'restarting failed container',
          count: 3,
          involvedObject: { kind: 'Pod', name: 'api-1' },
        },
      ],
    },
  ],
  '/api/v1/namespaces/closed/pods': [403, { message: 'pods is forbidden' }],
};

let account: string;
let server: Server;
let cluster: Cluster;
let token: string | undefined;

beforeEach(async () => {
  account = await mkdtemp(join(tmpdir(), 'account-'));
  await writeFile(join(account, 'token'), 'first\n');
  await writeFile(join(account, 'ca.crt'), '');
  server = createServer((asked, answer) => {
    token = asked.headers.authorization;
    const [status, body] = ANSWERS[asked.url ?? ''] ?? [404, { message: 'not found' }];
    answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cluster = ownCluster(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, account);
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(account, { recursive: true });
});

it('lists pods with their readiness and restarts', async () => {
  expect(await cluster.pods('shop')).toEqual([
    { name: 'api-1', namespace: 'shop', phase: 'Running', ready: false, restarts: 3 },
    { name: 'api-2', namespace: 'shop', phase: 'Unknown', ready: false, restarts: 0 },
  ]);
});

it('lists warnings as incidents', async () => {
  expect(await cluster.incidents('shop')).toEqual([
    { reason: 'BackOff', object: 'Pod/api-1', message: 'restarting failed container', count: 3 },
  ]);
});

it('says what the API server refused', async () => {
  await expect(cluster.pods('closed')).rejects.toMatchObject({
    status: 403,
    message: 'pods is forbidden',
  });
});

it('goes on with a renewed token', async () => {
  await cluster.pods('shop');
  await writeFile(join(account, 'token'), 'second\n');
  await cluster.pods('shop');
  expect(token).toBe('Bearer second');
});
