import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from 'vitest';
import { inputVariable } from '../src/inputs/parse.ts';

const sample = fileURLToPath(new URL('./sample-action.ts', import.meta.url));

/** What is left of a step when its process has ended. */
export interface Ended {
  readonly code: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly exported: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
  /** From the signal to the end, or where none was sent from the start. */
  readonly seconds: number;
}

export interface SampleOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stage?: 'post';
  /** May send one signal as the log grows. */
  when?(log: string, kill: (signal: NodeJS.Signals) => void): void;
}

type RunSample = (inputs: Readonly<Record<string, string>>, options?: SampleOptions) => Promise<Ended>;

/** A job of its own for each test of the file: `dir` is its workspace and `$RUNNER_TEMP`, `run` a step of it that runs test/sample-action.ts. */
export function sampleJob(): { readonly dir: string; readonly run: RunSample } {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'sample-job-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  return {
    get dir() {
      return dir;
    },
    run: (inputs, options) => runSample(dir, inputs, options),
  };
}

async function runSample(
  job: string,
  inputs: Readonly<Record<string, string>>,
  options: SampleOptions = {},
): Promise<Ended> {
  const files = {
    GITHUB_OUTPUT: join(job, 'output'),
    GITHUB_ENV: join(job, 'env'),
    GITHUB_STATE: join(job, 'state'),
    GITHUB_STEP_SUMMARY: join(job, 'summary'),
  };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const given = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [inputVariable(name), value]));
  const env = {
    PATH: process.env.PATH,
    RUNNER_TEMP: job,
    GITHUB_WORKSPACE: job,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_SHA: '4f2c',
    GITHUB_RUN_ID: '1',
    ...files,
    ...given,
    ...options.env,
  };
  let begun = performance.now();
  const child = spawn(process.execPath, [sample, ...(options.stage === undefined ? [] : [options.stage])], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  let told = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (told === 0)
        options.when?.(log, (signal) => {
          told += 1;
          begun = performance.now();
          child.kill(signal);
        });
    });
  }
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const seconds = (performance.now() - begun) / 1000;
  return {
    code,
    log,
    seconds,
    outputs: pairsIn(files.GITHUB_OUTPUT),
    exported: pairsIn(files.GITHUB_ENV),
    state: pairsIn(files.GITHUB_STATE),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
  };
}

/** What the runner reads from its command files: `NAME<<DELIMITER`, the value, the delimiter. */
function pairsIn(file: string): Record<string, string> {
  const found = readFileSync(file, 'utf8').matchAll(/^([\w-]+)<<(ghadelimiter_\S+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name, , value]) => [name, value]));
}
