/** One rule that the repository keeps. */
export interface Check {
  readonly name: string;
  /** What breaks the rule, a line each, naming the place and what to do; empty where it is kept. Throwing counts as one. */
  run(): Promise<readonly string[]>;
}

export interface Checked {
  readonly name: string;
  readonly faults: readonly string[];
  readonly seconds: number;
}

/** Runs all checks, `atOnce` at a time in the order given, however they end; `done` hears of each as it ends. */
export async function runChecks(
  checks: readonly Check[],
  atOnce: number,
  done: (checked: Checked) => void,
): Promise<Checked[]> {
  const waiting = [...checks];
  const ended: Checked[] = [];
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const started = performance.now();
      const faults = await check
        .run()
        .catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
      const checked = { name: check.name, faults, seconds: (performance.now() - started) / 1000 };
      ended.push(checked);
      done(checked);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return ended;
}
