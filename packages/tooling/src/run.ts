import { execa } from 'execa';

/** How a program ended, with all it wrote. */
export interface Ended {
  readonly exitCode: number;
  /** stdout and stderr as they came. */
  readonly output: string;
  readonly stdout: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** False: `env` is all it gets of the environment. */
  readonly extendEnv?: boolean;
}

/** Runs a program to its end, whatever that is. Throws only where it cannot be started. */
export async function tryRun(program: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const result = await execa(program, args, { ...options, stdin: 'ignore', all: true, reject: false });
  if (result.exitCode === undefined && result.signal === undefined)
    throw new Error(`cannot start ${program}: ${result.shortMessage ?? ''}`);
  return { exitCode: result.exitCode ?? 1, output: result.all, stdout: result.stdout };
}

/** Runs a program that must succeed and yields its stdout; throws with all its output where it does not. */
export async function run(program: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { exitCode, output, stdout } = await tryRun(program, args, options);
  if (exitCode !== 0) throw new Error(`${[program, ...args].join(' ')} ended with ${exitCode}\n${output.trimEnd()}`);
  return stdout;
}
