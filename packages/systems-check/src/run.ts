import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSystems } from './document.ts';
import { proofFaults } from './proofs.ts';
import { countStates, renderSystems } from './render.ts';
import { STATES } from './schema.ts';

const SOURCE = 'docs/systems.yaml';
const PAGE = 'docs/systems.md';

/** What came out: the lines to print, and whether all is well. */
export interface RunResult {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

/**
 * Checks docs/systems.yaml of the repository at `root` and brings docs/systems.md up to date; with `check` nothing is
 * written and an outdated page is a fault. With any fault in the source the page is left as it is.
 */
export function runSystems(root: string, check: boolean): RunResult {
  const source = join(root, SOURCE);
  if (!existsSync(source)) return { ok: false, lines: [`there is no ${SOURCE}`] };
  const document = readSystems(readFileSync(source, 'utf8'));
  const faults = document.faults.length > 0 ? document.faults : proofFaults(document.systems, root);
  if (faults.length > 0) return { ok: false, lines: faults.map((fault) => `${SOURCE}:${document.describe(fault)}`) };

  const page = join(root, PAGE);
  const rendered = renderSystems(document.systems);
  const current = existsSync(page) && readFileSync(page, 'utf8') === rendered;
  if (check && !current) {
    return { ok: false, lines: [`${PAGE} is not what ${SOURCE} renders: run node packages/systems-check/src/main.ts`] };
  }
  if (!current) writeFileSync(page, rendered);
  const statements = document.systems.flatMap((system) => system.statements);
  const counts = countStates(statements).map((count, i) => `${count} ${STATES[i]}`);
  return { ok: true, lines: [`${SOURCE}: ${statements.length} statements: ${counts.join(', ')}`] };
}
