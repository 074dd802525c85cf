// Runs inside a cell, as the one child of its first process: sets the cell up, starts the parts
// in their order, and writes down how each does. It never restarts a part: one that ends is a finding.
import { readFileSync } from 'node:fs';
import type { CellPlan } from '../plan.ts';
import { PartRunner } from './parts.ts';
import { relay } from './relay.ts';
import { enter } from './setup.ts';
import { StatusFile } from './status.ts';

const [planFile] = process.argv.slice(2);
if (!planFile) {
  throw new Error('usage: supervisor.ts PLAN');
}
const plan = JSON.parse(readFileSync(planFile, 'utf8')) as CellPlan;
const status = new StatusFile(plan);

try {
  enter(plan);
  const runner = new PartRunner(plan, status);
  runner.start(relay(plan, process.env.PUBLISHED ?? ''));
  await runner.startAll(plan.parts);
} catch (error) {
  status.fault(error instanceof Error ? error.message : String(error));
}
// The cell lives until `down` ends it, faults included: its logs and its status are evidence.
setInterval(() => undefined, 2 ** 30);
