import { expect, test } from 'vitest';
import type { CellPlan } from '../plan.ts';
import { relay } from './relay.ts';

const PLAN: CellPlan = {
  sandbox: 'demo',
  cell: 'staging',
  state: '/state',
  parts: [],
  published: [
    { port: 21_000, to: 'tcp:127.0.0.1:21000' },
    { port: 21_050, to: 'tcp:127.0.0.1:21050' },
  ],
  imported: [{ port: 20_000, to: 'unix:/run/sandbox/registry.sock' }],
  network: null,
  keep: [],
  programs: '/programs',
};

test('each published port has the descriptor that was inherited for it', () => {
  const { command, descriptors } = relay(PLAN, '127.0.0.1:21050=9,127.0.0.1:21000=7');
  expect(command).toEqual([
    '/programs/relay',
    'fd:3=tcp:127.0.0.1:21000',
    'fd:4=tcp:127.0.0.1:21050',
    'tcp:127.0.0.1:20000=unix:/run/sandbox/registry.sock',
  ]);
  expect(descriptors).toEqual([7, 9]);
});

test('a port that nobody published is named', () => {
  expect(() => relay(PLAN, '127.0.0.1:21000=7')).toThrow('port 21050 was not published for the cell "staging"');
});
