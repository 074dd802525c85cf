import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CellPlan, CellStatus, PartStatus } from '../plan.ts';

/** The folder of a cell below the sandbox's state folder. */
export function cellFolder(cell: string): string {
  return join('cells', cell);
}

/** Keeps a cell's status on file. Readers always see a whole one: it is written aside and renamed. */
export class StatusFile {
  readonly #file: string;
  #status: CellStatus;

  constructor(plan: CellPlan) {
    // By its name outside, which is there even when the cell could not be set up.
    this.#file = statusFile(plan.state, plan.cell);
    this.#status = {
      parts: Object.fromEntries(plan.parts.map((part): [string, PartStatus] => [part.name, { state: 'waiting' }])),
      fault: null,
    };
    this.#write();
  }

  part(name: string, part: PartStatus): void {
    this.#status = { ...this.#status, parts: { ...this.#status.parts, [name]: part } };
    this.#write();
  }

  fault(fault: string): void {
    this.#status = { ...this.#status, fault };
    this.#write();
  }

  #write(): void {
    writeFileSync(`${this.#file}.next`, JSON.stringify(this.#status, null, 2));
    renameSync(`${this.#file}.next`, this.#file);
  }
}

/** Where the supervisor of a cell writes its status. */
export function statusFile(state: string, cell: string): string {
  return join(state, cellFolder(cell), 'status.json');
}

/** The status of a cell, or null before its supervisor has written one. */
export function readStatus(state: string, cell: string): CellStatus | null {
  const file = statusFile(state, cell);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CellStatus) : null;
}
