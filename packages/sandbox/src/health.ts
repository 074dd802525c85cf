import { join } from 'node:path';
import { cellProcess } from './cell/host.ts';
import { cellFolder, readStatus } from './cell/status.ts';
import type { CellPlan, PartStatus } from './plan.ts';

/** How a cell does: up, on its way, or what is wrong with it. */
export type CellHealth =
  | { readonly state: 'ready' }
  | { readonly state: 'starting'; readonly waitingFor: readonly string[] }
  | { readonly state: 'failed'; readonly reason: string };

/** Looks at a cell's process and at what its supervisor wrote down. */
export function cellHealth(plan: CellPlan): CellHealth {
  if (cellProcess(plan.state, plan.cell) === null) {
    return { state: 'failed', reason: `the cell "${plan.cell}" does not run` };
  }
  const status = readStatus(plan.state, plan.cell);
  if (status?.fault) {
    return { state: 'failed', reason: `the cell "${plan.cell}" could not be set up: ${status.fault}` };
  }
  const parts = Object.entries(status?.parts ?? {});
  for (const [name, part] of parts) {
    if (part.state === 'ended') {
      return { state: 'failed', reason: describeEnd(plan, name, part) };
    }
  }
  const waitingFor = parts.filter(([, part]) => part.state !== 'ready').map(([name]) => name);
  return status && waitingFor.length === 0 ? { state: 'ready' } : { state: 'starting', waitingFor };
}

function describeEnd(plan: CellPlan, name: string, part: Extract<PartStatus, { state: 'ended' }>): string {
  const log = join(plan.state, cellFolder(plan.cell), 'logs', `${name}.log`);
  return [
    `${name} of the cell "${plan.cell}" ${part.how}. Its last lines:`,
    ...part.lastLines.map((line) => `    ${line}`),
    `  Its log: ${log}`,
  ].join('\n');
}
