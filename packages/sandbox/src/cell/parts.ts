import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CellPlan, Part } from '../plan.ts';
import { answers } from './probe.ts';
import type { RelayPart } from './relay.ts';
import { cellFolder, type StatusFile } from './status.ts';

const LAST_LINES = 15;
/** Between two looks whether a part is ready, in milliseconds. */
const PATIENCE = 100;

/** Starts the parts of a cell and keeps watch over them. */
export class PartRunner {
  readonly #logs: string;
  readonly #status: StatusFile;
  readonly #ready = new Map<string, Promise<void>>();
  readonly #begun = performance.now();

  constructor(plan: CellPlan, status: StatusFile) {
    this.#logs = join(plan.state, cellFolder(plan.cell), 'logs');
    this.#status = status;
    mkdirSync(this.#logs, { recursive: true });
  }

  /** Starts all of them, each when those it comes after are ready. Parts name only earlier ones. */
  async startAll(parts: readonly Part[]): Promise<void> {
    for (const part of parts) {
      const before = Promise.all(part.after.map((name) => this.#ready.get(name)));
      this.#ready.set(
        part.name,
        before.then(() => this.start({ ...part, descriptors: [] })),
      );
    }
    await Promise.all(this.#ready.values());
  }

  /** Starts one part; resolves when it is ready, and never when it ends before that: nothing may start after it. */
  async start(part: RelayPart): Promise<void> {
    const log = join(this.#logs, `${part.name}.log`);
    const output = openSync(log, 'a');
    const [program, ...parameters] = part.command;
    const child = spawn(program, parameters, { stdio: ['ignore', output, output, ...part.descriptors] });
    closeSync(output);
    let running = true;
    const end = (how: string) => {
      running = false;
      this.#status.part(part.name, { state: 'ended', how, lastLines: lastLines(log) });
    };
    child.once('error', (error) => end(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => end(signal ? `was killed by ${signal}` : `exited with status ${code}`));

    const started = { pid: child.pid ?? 0, startedAt: this.#now() };
    this.#status.part(part.name, { state: 'starting', ...started });
    while (running && !(await answers(part.ready))) {
      await sleep(PATIENCE);
    }
    if (!running) {
      return new Promise<never>(() => undefined);
    }
    this.#status.part(part.name, { state: 'ready', ...started, readyAt: this.#now() });
  }

  #now(): number {
    return Math.round(performance.now() - this.#begun);
  }
}

function lastLines(log: string): string[] {
  return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
}
