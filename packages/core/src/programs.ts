import type { Options, Result } from 'execa';
import { within } from './deadline.ts';
import { CommandError } from './errors.ts';
import type { Log } from './log.ts';
import type { Redactor } from './redact.ts';
import { Secret } from './secret.ts';

export interface ProgramOptions {
  /** Laid over the step's environment; undefined takes a variable away. The place for secrets, with `input`. */
  readonly env?: Readonly<Record<string, string | Secret | undefined>>;
  /** Standard input; without it, it is closed. */
  readonly input?: string | Uint8Array | Secret;
  readonly cwd?: string;
  /** In place of the step's own signal: for what must still be done after that is aborted. */
  readonly signal?: AbortSignal;
  onLine?(line: string, stream: 'stdout' | 'stderr'): void;
  /**
   * True: the output does not go to the log, nor standard output into an error, since it may be a secret that was asked for; it is still
   * returned. False unless told.
   */
  readonly quiet?: boolean;
  readonly timeoutMs?: number;
  /** Exit codes that are no error; 0 alone unless told. */
  readonly accept?: readonly number[];
  /** How to get the program, for the error when it is missing. */
  readonly getItBy?: string;
}

export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The one way to programs: never a shell, and never a secret among the arguments, where every user of the machine could read it. */
export interface Programs {
  /**
   * Runs a program to its end. Aborted, it gets SIGTERM, and SIGKILL 3 s later.
   * @throws CommandError `error-tool` when it is missing or exits with another code than accepted; the signal's reason when aborted.
   */
  run(program: string, args: readonly string[], options?: ProgramOptions): Promise<ProgramResult>;
  /** The absolute path of a program on PATH, or undefined. */
  which(program: string): Promise<string | undefined>;
}

export interface ProgramSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly redactor: Redactor;
}

const GRACE_MS = 3_000;
const LINES_KEPT = 20;

/** A gateway for programs; execa is loaded with the first one that is run. */
export function createPrograms({ env, signal: ofRun, log, redactor }: ProgramSurroundings): Programs {
  return {
    async run(program, args, options = {}) {
      const { execa } = await import('execa');
      const last: string[] = [];
      const outer = options.signal ?? ofRun;
      const signal = options.timeoutMs === undefined ? outer : within(options.timeoutMs, outer, `running ${program}`);
      signal.throwIfAborted();
      const follow = (stream: 'stdout' | 'stderr') =>
        function* (line: unknown) {
          const text = String(line);
          if (options.quiet !== true || stream === 'stderr') last.push(text);
          if (last.length > LINES_KEPT) last.shift();
          if (options.quiet !== true) log.info(text);
          options.onLine?.(text, stream);
          yield line;
        };
      const settings = {
        shell: false,
        reject: false,
        env: environment(env, options.env),
        extendEnv: false,
        cancelSignal: signal,
        forceKillAfterDelay: GRACE_MS,
        stdout: follow('stdout'),
        stderr: follow('stderr'),
        stripFinalNewline: false,
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        ...(options.input === undefined
          ? { stdin: 'ignore' as const }
          : { input: options.input instanceof Secret ? options.input.reveal() : options.input }),
      } satisfies Options;
      const result = await execa(program, args, settings);
      if (outer.aborted && result.isCanceled) throw outer.reason;
      if (result.isCanceled)
        throw tookTooLong(
          program,
          options.timeoutMs ?? 0,
          last.map((line) => redactor.redact(line)),
        );
      const exitCode = result.exitCode;
      const { stdout, stderr } = result;
      if (exitCode !== undefined && (options.accept ?? [0]).includes(exitCode)) return { exitCode, stdout, stderr };
      throw failure(
        program,
        result,
        last.map((line) => redactor.redact(line)),
        options.getItBy,
      );
    },
    async which(program) {
      const { which } = await import('@actions/io');
      return (await which(program, false)) || undefined;
    },
  };
}

function environment(env: ProgramSurroundings['env'], own: ProgramOptions['env'] = {}): Record<string, string> {
  const merged = Object.entries({ ...env, ...own }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value instanceof Secret ? value.reveal() : value]],
  );
  // A program has no business with our inputs, some of which are secret.
  return Object.fromEntries(merged.filter(([name]) => !name?.startsWith('INPUT_')));
}

function tookTooLong(program: string, timeoutMs: number, output: readonly string[]): CommandError {
  return new CommandError('error-tool', `${program} did not end within ${timeoutMs / 1000} s`, {
    hint: "its last lines are in this step's log",
    output,
    retryable: true,
  });
}

function failure(
  program: string,
  { exitCode, signal, code, cwd }: Pick<Result, 'exitCode' | 'signal' | 'code' | 'cwd'>,
  output: readonly string[],
  getItBy: string | undefined,
): CommandError {
  if (code === 'ENOENT' || code === 'EACCES') {
    const what =
      code === 'ENOENT'
        ? `the program ${program} is not installed, or its working folder ${cwd} does not exist`
        : `the program ${program} may not be run`;
    return new CommandError('error-tool', what, {
      hint: getItBy ?? `install ${program} in an earlier step, and see that it is on PATH`,
      output,
    });
  }
  const how = exitCode === undefined ? `was ended by ${signal ?? 'the system'}` : `exited with ${exitCode}`;
  const because = output.findLast((line) => line.trim() !== '');
  return new CommandError('error-tool', `${program} ${how}${because === undefined ? '' : `: ${because.trim()}`}`, {
    hint: "its last lines are in this step's log",
    output,
    ...(exitCode === undefined ? {} : { exitCode }),
  });
}
