import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { areFree, portBlocks, portsOf } from './ports.ts';

test('a cell tries every block once, the same ones in the same order each time', () => {
  const blocks = [...portBlocks('demo', 'staging')];
  expect(blocks).toEqual([...portBlocks('demo', 'staging')]);
  expect(new Set(blocks.map(({ main }) => main)).size).toBe(100);
});

test('blocks do not overlap, and stay clear of ports that the kernel gives out', () => {
  const ports = [...portBlocks('a', 'b')].flatMap(({ main, nodePorts }) => [main, ...portsOf(nodePorts)]);
  expect(new Set(ports).size).toBe(ports.length);
  expect(Math.min(...ports)).toBeGreaterThanOrEqual(20_000);
  expect(Math.max(...ports)).toBeLessThan(30_000);
});

test('two clusters of a sandbox begin at blocks of their own', () => {
  const [[staging], [production]] = [[...portBlocks('demo', 'staging')], [...portBlocks('demo', 'production')]];
  expect(staging?.main).not.toBe(production?.main);
});

test('a port that someone listens on is not free', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  expect(await areFree([port])).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  expect(await areFree([port])).toBe(true);
});
