import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Prober } from './prober.ts';

let server: Server;
let url: string;
let status: number;
let connections: Socket[];

beforeEach(async () => {
  status = 200;
  connections = [];
  server = createServer((_asked, answer) => answer.writeHead(status).end('{"version":"1"}'));
  server.on('connection', (socket) => connections.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('Prober', () => {
  it('counts about 20 answers a second, half of them over new connections', async () => {
    const prober = new Prober([{ url }]);
    await sleep(1000);
    const { total, failed, seconds } = await prober.end();
    expect(failed).toBe(0);
    expect(total).toBeGreaterThan(10);
    expect(total).toBeLessThanOrEqual(25);
    expect(seconds).toBeGreaterThan(0.9);
    expect(connections.length).toBeGreaterThanOrEqual(Math.floor(total / 2));
    expect(connections.length).toBeLessThan(total);
  });

  it('counts an answer that is not 200, and one that is the wrong one', async () => {
    status = 503;
    const prober = new Prober([{ url, fault: (body) => (body.includes('"2"') ? undefined : `it is ${body}`) }]);
    await sleep(200);
    const first = prober.take();
    status = 200;
    await sleep(200);
    const rest = await prober.end();
    expect(first.failed).toBe(first.total);
    expect(first.failures[0]).toBe(`${url}: answered 503`);
    expect(rest.failures.at(-1)).toBe(`${url}: it is {"version":"1"}`);
  });

  it('counts a server that is gone', async () => {
    server.close();
    const prober = new Prober([{ url }]);
    await sleep(120);
    const { total, failed } = await prober.end();
    expect(total).toBeGreaterThan(0);
    expect(failed).toBe(total);
  });

  it('asks once more where the server closes a connection that was kept', async () => {
    const prober = new Prober([{ url }]);
    await sleep(300);
    for (const socket of connections) socket.destroy();
    await sleep(300);
    expect((await prober.end()).failed).toBe(0);
  });
});
