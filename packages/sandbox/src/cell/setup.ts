import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { INSIDE } from '../folders.ts';
import type { CellNetwork, CellPlan } from '../plan.ts';
import { cellFolder } from './status.ts';

/** Folders that programs write to wherever they are told to work: a cell has its own. */
const COVERED = ['/tmp', '/var/log', '/var/lib'];

/**
 * Makes the namespaces this process is in a cell: its own /run, /tmp and the like, its addresses.
 * @throws Error with the failed command's own words.
 */
export function enter(plan: CellPlan): void {
  run('mount', '-t', 'tmpfs', '-o', 'mode=755', 'sandbox', '/run');
  mkdirSync(INSIDE);
  run('mount', '--bind', plan.state, INSIDE);
  for (const folder of COVERED) {
    cover(folder, join(INSIDE, cellFolder(plan.cell), 'covers', folder), [...plan.keep, plan.state]);
  }
  run('ip', 'link', 'set', 'lo', 'up');
  if (plan.network) {
    address(plan.network);
  }
}

/** Mounts an empty folder over another one, in which only the folders to keep stay visible. */
function cover(folder: string, empty: string, keep: readonly string[]): void {
  mkdirSync(empty, { recursive: true, mode: 0o1777 });
  for (const kept of keep.filter((path) => path.startsWith(`${folder}/`))) {
    const under = join(empty, relative(folder, kept));
    mkdirSync(under, { recursive: true });
    run('mount', '--rbind', kept, under);
  }
  run('mount', '--rbind', empty, folder);
}

/**
 * The node's address is one end of a pair of interfaces that never leaves the cell: it is up without
 * any device. Everything but the pods and the Services is out of reach, and says so at once.
 */
function address(network: CellNetwork): void {
  run('ip', 'link', 'add', 'node0', 'type', 'veth', 'peer', 'name', 'node0-peer');
  run('ip', 'link', 'set', 'node0-peer', 'up');
  run('ip', 'link', 'set', 'node0', 'up');
  run('ip', 'address', 'add', `${network.nodeAddress}/32`, 'dev', 'node0');
  run('ip', 'route', 'add', network.serviceRange, 'dev', 'node0');
  run('ip', 'route', 'add', 'unreachable', 'default');
}

function run(program: string, ...parameters: string[]): void {
  try {
    execFileSync(program, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const said = (error as { stderr?: Buffer }).stderr?.toString().trim();
    throw new Error(`${[program, ...parameters].join(' ')}: ${said || (error as Error).message}`);
  }
}
