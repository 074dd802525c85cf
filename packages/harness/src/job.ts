import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { type ActionFile, readActionFile } from './action-file.ts';
import { mayBeSet } from './command-files.ts';
import { EXAMPLE_RUN, inputEnv, type JobFolders, type RunFacts, runnerEnv } from './runner-env.ts';
import { type RunningStep, type StepResult, startStep } from './step.ts';

export interface JobOptions {
  /** A folder that holds NAME/action.yml: the release tree, or the repository's `actions`. */
  readonly tree: string;
  /** The checkout; a fresh empty folder by default. */
  readonly workspace?: string;
  /** The job's `env:`, on top of the runner's own; nothing else of this process' environment is passed on but PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** Values that the repository holds as secrets: masked from the start. */
  readonly secrets?: readonly string[];
  readonly run?: Partial<RunFacts>;
  /** The Node that runs the actions; this one by default. */
  readonly node?: string;
}

export interface StepOptions {
  /** The step's own `env:`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Cancels as soon as a line of the log matches. */
  readonly cancelWhen?: RegExp;
}

/** One job on one runner: steps one after the other, then their post steps, last first. */
export interface Job {
  readonly folders: JobFolders;
  readonly masks: ReadonlySet<string>;
  /** Each process that has ended so far, in order: main steps, then post steps. */
  readonly results: readonly StepResult[];
  /** Variables that steps have set for later ones. */
  readonly env: Readonly<Record<string, string>>;
  start(action: string, inputs?: Readonly<Record<string, string>>, options?: StepOptions): RunningStep;
  run(action: string, inputs?: Readonly<Record<string, string>>, options?: StepOptions): Promise<StepResult>;
  /** Runs the post steps and returns their results, with the command lines of programs still running, which it then kills. */
  end(): Promise<{ posts: readonly StepResult[]; leftRunning: readonly string[] }>;
  /** Deletes the job's folders, the workspace only where it made it. */
  remove(): Promise<void>;
}

/** Sets a runner up for one job, as GitHub's does it. */
export async function startJob(options: JobOptions): Promise<Job> {
  const root = await mkdtemp(join(tmpdir(), 'deploy-actions-job-'));
  const folders: JobFolders = {
    workspace: options.workspace ?? join(root, 'workspace'),
    temp: join(root, 'temp'),
    tools: join(root, 'tools'),
    home: join(root, 'home'),
    eventFile: join(root, 'event.json'),
  };
  await Promise.all(
    [folders.workspace, folders.temp, folders.tools, folders.home].map((path) => mkdir(path, { recursive: true })),
  );
  const run = { ...EXAMPLE_RUN, ...options.run };
  await writeFile(folders.eventFile, JSON.stringify(run.event));
  return new RunnerJob(root, folders, run, options);
}

class RunnerJob implements Job {
  readonly folders: JobFolders;
  readonly masks: Set<string>;
  readonly results: StepResult[] = [];
  readonly env: Record<string, string> = {};
  readonly #root: string;
  readonly #run: RunFacts;
  readonly #options: JobOptions;
  readonly #posts: (() => Promise<StepResult>)[] = [];
  #path: string[] = [];
  #steps = 0;

  constructor(root: string, folders: JobFolders, run: RunFacts, options: JobOptions) {
    this.#root = root;
    this.folders = folders;
    this.#run = run;
    this.#options = options;
    this.masks = new Set(options.secrets ?? []);
  }

  run(action: string, inputs: Readonly<Record<string, string>> = {}, options: StepOptions = {}): Promise<StepResult> {
    return this.start(action, inputs, options).done;
  }

  start(action: string, inputs: Readonly<Record<string, string>> = {}, options: StepOptions = {}): RunningStep {
    let cancelled = false;
    let main: RunningStep | undefined;
    const done = (async () => {
      const path = join(this.#options.tree, action, 'action.yml');
      const file = await readActionFile(path);
      const env = { ...options.env, ...inputEnv(file, inputs, this.#run) };
      // The runner registers the post step as it starts the main one: it runs however that ends.
      const state: Record<string, string> = {};
      if (file.runs.post !== undefined)
        this.#posts.unshift(() =>
          this.#process(path, file.runs.post, env, state)
            .then((s) => s.done)
            .then((r) => this.#ended(r)),
        );
      if (file.runs.pre !== undefined)
        Object.assign(state, this.#ended(await (await this.#process(path, file.runs.pre, env, state)).done).state);
      main = await this.#process(path, file.runs.main, env, state, options.cancelWhen);
      if (cancelled) main.cancel();
      const result = this.#ended(await main.done);
      Object.assign(state, result.state);
      return result;
    })();
    return {
      done,
      cancel: () => {
        cancelled = true;
        main?.cancel();
      },
    };
  }

  async #process(
    actionPath: string,
    script: ActionFile['runs']['post'],
    env: Record<string, string>,
    state: Record<string, string>,
    cancelWhen?: RegExp,
  ): Promise<RunningStep> {
    const stateEnv = Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
    const base = runnerEnv(this.#run, this.folders);
    return startStep({
      node: this.#options.node ?? process.execPath,
      script: resolve(dirname(actionPath), script ?? ''),
      files: join(this.#root, 'files', String(this.#steps++)),
      cwd: this.folders.workspace,
      masks: this.masks,
      ...(cancelWhen && { cancelWhen }),
      env: {
        ...base,
        ...this.#options.env,
        ...this.env,
        ...env,
        ...stateEnv,
        PATH: [...this.#path, this.#options.env?.PATH ?? base.PATH].join(delimiter),
        RUNNER_TRACKING_ID: this.#root,
      },
    });
  }

  #ended(result: StepResult): StepResult {
    for (const [name, value] of Object.entries(result.env)) if (mayBeSet(name)) this.env[name] = value;
    this.#path = [...result.folders, ...this.#path];
    this.results.push(result);
    return result;
  }

  async end() {
    const posts: StepResult[] = [];
    for (const post of this.#posts.splice(0)) posts.push(await post());
    return { posts, leftRunning: await this.#killLeftRunning() };
  }

  /** The runner finds what a job left running by this variable in its environment, and kills it. */
  async #killLeftRunning(): Promise<string[]> {
    const lines: string[] = [];
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const env = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (!env.split('\0').includes(`RUNNER_TRACKING_ID=${this.#root}`)) continue;
      lines.push((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim());
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It ended by itself between the look and the kill.
      }
    }
    return lines;
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }
}
