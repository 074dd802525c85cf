import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { look } from './api';

const answers: Record<string, [number, unknown]> = {};
let backend: Server;
let base: string;

beforeEach(async () => {
  answers['/api/health'] = [200, { status: 'ok', version: '4f2c' }];
  answers['/api/pods'] = [200, { pods: [] }];
  answers['/api/incidents'] = [200, { incidents: [] }];
  backend = createServer((asked, answer) => {
    const [status, body] = answers[asked.url ?? ''] ?? [404, {}];
    answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
});

afterEach(() => {
  backend.closeAllConnections();
  backend.close();
});

it('takes one look at everything', async () => {
  expect(await look(base)).toEqual({ version: '4f2c', pods: [], incidents: [] });
});

it('passes on what the backend says is wrong', async () => {
  answers['/api/pods'] = [403, { error: 'pods is forbidden' }];
  await expect(look(base)).rejects.toThrow('pods is forbidden');
});

it('names the address where the backend says nothing', async () => {
  answers['/api/pods'] = [500, {}];
  await expect(look(base)).rejects.toThrow(`${base}/api/pods answered 500`);
});
