import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseFolders, parsePairs } from './command-files.ts';
import { type Annotation, StepLog } from './log.ts';
import { type ProcessResult, runProcess } from './process.ts';

/** One process of a step (pre, main or post), as the runner would see it when it has ended. */
export interface StepResult extends ProcessResult {
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  /** What it set for later steps by GITHUB_ENV. */
  readonly env: Readonly<Record<string, string>>;
  /** Folders that it put before PATH. */
  readonly folders: readonly string[];
  /** Markdown. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** As a user sees it, masks applied. */
  readonly log: string;
  /** Before masking, without the add-mask commands. */
  readonly rawLog: string;
}

export interface RunningStep {
  /** Sets off the runner's cancel sequence: SIGINT, SIGTERM after 7.5 s, SIGKILL after 2.5 s more. */
  cancel(): void;
  readonly done: Promise<StepResult>;
}

const FILES = {
  outputs: 'GITHUB_OUTPUT',
  state: 'GITHUB_STATE',
  env: 'GITHUB_ENV',
  folders: 'GITHUB_PATH',
  summary: 'GITHUB_STEP_SUMMARY',
} as const;

/**
 * Starts one process of a step with fresh command files below `files` and reads them when it has ended.
 * `env` is the whole environment it gets, less those files. `cancelWhen` cancels at the first line of the log that it matches.
 */
export function startStep(options: {
  node: string;
  script: string;
  files: string;
  cwd: string;
  env: Record<string, string>;
  masks: Set<string>;
  cancelWhen?: RegExp;
}): RunningStep {
  const cancel = new AbortController();
  return { cancel: () => cancel.abort(), done: run() };

  async function run(): Promise<StepResult> {
    const paths = await freshFiles(options.files);
    const log = new StepLog(options.masks, options.env.RUNNER_DEBUG === '1');
    const result = await runProcess(options.node, [options.script], {
      cwd: options.cwd,
      env: { ...options.env, ...paths },
      cancel: cancel.signal,
      onLine(line) {
        log.add(line);
        if (options.cancelWhen?.test(line)) cancel.abort();
      },
    });
    const read = (name: keyof typeof FILES) => readFile(paths[FILES[name]] ?? '', 'utf8');
    return {
      ...result,
      outputs: parsePairs(await read('outputs'), FILES.outputs),
      state: parsePairs(await read('state'), FILES.state),
      env: parsePairs(await read('env'), FILES.env),
      folders: parseFolders(await read('folders')),
      summary: await read('summary'),
      annotations: log.annotations,
      log: log.masked.join('\n'),
      rawLog: log.raw.join('\n'),
    };
  }
}

async function freshFiles(folder: string): Promise<Record<string, string>> {
  await mkdir(folder, { recursive: true });
  const paths = Object.fromEntries(Object.values(FILES).map((name) => [name, join(folder, name)]));
  await Promise.all(Object.values(paths).map((path) => writeFile(path, '')));
  return paths;
}
