import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CellPlan } from '../plan.ts';
import { cellFolder, readStatus, statusFile } from './status.ts';

const SUPERVISOR = fileURLToPath(new URL('supervisor.ts', import.meta.url));
/** The publish program's exit status for a port that someone else has. */
const PORT_TAKEN = 98;

/** Someone took one of the cell's ports in the moment between finding it free and using it. */
export class PortTakenError extends Error {}

/**
 * Starts a cell: writes its plan and the files of its parts, and returns when its supervisor has begun.
 * The cell goes on when this process ends.
 * @throws PortTakenError; Error with what the cell said when it could not begin.
 */
export async function startCell(plan: CellPlan): Promise<void> {
  const folder = join(plan.state, cellFolder(plan.cell));
  mkdirSync(folder, { recursive: true });
  rmSync(statusFile(plan.state, plan.cell), { force: true });
  writeFiles(plan);
  const log = openSync(join(folder, 'cell.log'), 'a');
  const addresses = plan.published.map(({ port }) => `127.0.0.1:${port}`);
  const child = spawn(
    join(plan.programs, 'publish'),
    [...addresses, '--', ...NAMESPACES, 'tini', '--', process.execPath, SUPERVISOR, planFile(plan.state, plan.cell)],
    { detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  child.unref();
  while (!readStatus(plan.state, plan.cell)) {
    if (child.exitCode === PORT_TAKEN) {
      throw new PortTakenError(`a port of the cell "${plan.cell}" is taken`);
    }
    if (child.exitCode !== null || child.signalCode !== null) {
      const said = readFileSync(join(folder, 'cell.log'), 'utf8').trim();
      throw new Error(`the cell "${plan.cell}" could not be started: ${said || `status ${child.exitCode}`}`);
    }
    await sleep(20);
  }
}

/** Ending the first of these processes ends every process of the cell, and with them its mounts. */
const NAMESPACES = ['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

function writeFiles(plan: CellPlan): void {
  for (const [path, content] of plan.parts.flatMap((part) => Object.entries(part.files))) {
    const file = join(plan.state, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode: 0o600 });
  }
  // Last and whole: a plan on file means that everything it speaks of is there.
  const file = planFile(plan.state, plan.cell);
  writeFileSync(`${file}.next`, JSON.stringify(plan, null, 2));
  renameSync(`${file}.next`, file);
}

function planFile(state: string, cell: string): string {
  return join(state, cellFolder(cell), 'plan.json');
}

/** The plans of a sandbox's cells, by cell name; empty when there is no such sandbox. */
export function readPlans(state: string): Map<string, CellPlan> {
  const plans = new Map<string, CellPlan>();
  for (const cell of listFolder(join(state, 'cells'))) {
    try {
      plans.set(cell, JSON.parse(readFileSync(planFile(state, cell), 'utf8')) as CellPlan);
    } catch (error) {
      // A start that was killed in its first moment left a folder and no plan.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        throw error;
      }
    }
  }
  return plans;
}

/**
 * The process that holds a cell, or null when it does not run. It is found by its command line, which
 * names the cell's plan: no process number on file can be out of date or somebody else's.
 */
export function cellProcess(state: string, cell: string): number | null {
  const plan = planFile(state, cell);
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const words = commandLine(entry);
    if (words[0] === NAMESPACES[0] && words.includes(plan)) {
      return Number(entry);
    }
  }
  return null;
}

/** Ends a cell and returns when none of its processes is left. */
export async function stopCell(state: string, cell: string): Promise<void> {
  const holder = cellProcess(state, cell);
  if (holder === null) {
    return;
  }
  const first = Number(readFileSync(`/proc/${holder}/task/${holder}/children`, 'utf8').trim());
  process.kill(holder, 'SIGKILL');
  // The kernel reaps the first process of a pid namespace after all the others.
  while (first && commandLine(String(first)).includes(planFile(state, cell))) {
    await sleep(20);
  }
}

function commandLine(process: string): string[] {
  try {
    return readFileSync(`/proc/${process}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it ended while we looked
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
