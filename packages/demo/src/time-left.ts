import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';

/** The parts of the demo, in their order. */
export const PHASES = ['set-up', 'develop', 'main', 'broken'] as const;
export type Phase = (typeof PHASES)[number];
type Seconds = Readonly<Record<Phase, number>>;

/** On two bare cores, the first time: the set-up compiles Kubernetes. */
const FIRST_RUN: Seconds = { 'set-up': 420, develop: 60, main: 35, broken: 45 };
const seconds = v.object({ 'set-up': v.number(), develop: v.number(), main: v.number(), broken: v.number() });

/** Tells how much longer the demo takes, from how long each part took here the last time. */
export class TimeLeft {
  readonly #file: string;
  readonly #expected: Seconds;
  readonly #now: () => number;
  readonly #took: Partial<Record<Phase, number>> = {};
  #current: Phase = 'set-up';
  #since: number;

  private constructor(file: string, expected: Seconds, now: () => number) {
    this.#file = file;
    this.#expected = expected;
    this.#now = now;
    this.#since = now();
  }

  /** @param file where the times are kept from run to run. @param now milliseconds. */
  static async from(file: string, now: () => number = () => performance.now()): Promise<TimeLeft> {
    return new TimeLeft(file, (await remembered(file)) ?? FIRST_RUN, now);
  }

  begin(phase: Phase): void {
    this.#end();
    this.#current = phase;
  }

  /** Seconds, never below zero. */
  left(): number {
    const later = PHASES.slice(PHASES.indexOf(this.#current) + 1);
    const current = Math.max(0, this.#expected[this.#current] - this.#elapsed());
    return later.reduce((sum, phase) => sum + this.#expected[phase], current);
  }

  /** Keeps the times of a run that went through all parts. */
  async remember(): Promise<void> {
    this.#end();
    const took = v.safeParse(seconds, this.#took);
    if (!took.success) return;
    await mkdir(dirname(this.#file), { recursive: true });
    await writeFile(this.#file, JSON.stringify(took.output));
  }

  #elapsed(): number {
    return (this.#now() - this.#since) / 1000;
  }

  #end(): void {
    this.#took[this.#current] = this.#elapsed();
    this.#since = this.#now();
  }
}

async function remembered(file: string): Promise<Seconds | undefined> {
  try {
    const read = v.safeParse(seconds, JSON.parse(await readFile(file, 'utf8')));
    return read.success ? read.output : undefined;
  } catch {
    return undefined; // It is only an estimate: none, or a broken one, is the first run's.
  }
}
