import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { EngineLog, type Happening, type JobRun } from './log.ts';

/** The workflow engine on this machine. */
export interface Engine {
  /** Path of `act`. */
  readonly program: string;
  /** A home folder of its own: its caches, the runners' workspaces. */
  readonly home: string;
  /** All the environment it and its steps get. */
  readonly environment: Readonly<Record<string, string>>;
  /** `OWNER/NAME@REF` → folder: what `uses:` finds without a network. */
  readonly repositories: Readonly<Record<string, string>>;
}

/** What a workflow is triggered by, in a private repository. */
export type Event =
  | { readonly name: 'push'; readonly branch: string }
  | { readonly name: 'pull_request'; readonly number: number }
  | { readonly name: 'workflow_dispatch'; readonly branch: string; readonly inputs: Readonly<Record<string, string>> };

/** What happened on the code host. */
export interface Trigger {
  readonly event: Event;
  /** The repository's folder; what is checked out there is what the event is about. */
  readonly repository: string;
  /** Path of the workflow in the repository. */
  readonly workflow: string;
  readonly vars?: Readonly<Record<string, string>>;
  /** Reach the engine by a file that only we can read, and that is gone afterwards. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Where artifacts are put. */
  readonly artifacts: string;
}

export interface WorkflowRun {
  readonly succeeded: boolean;
  readonly seconds: number;
  readonly jobs: readonly JobRun[];
  /** Every line that the engine wrote, but for its orders to mask a value: as JSON these hold that very value. */
  readonly log: readonly string[];
}

const MASK = '"command":"add-mask"';

/**
 * Runs a workflow as the code host would for this event, and ends when its last job has.
 * @throws Error with the engine's last lines when no job ran at all: the workflow, not what it does, is at fault.
 */
export async function runWorkflow(
  engine: Engine,
  trigger: Trigger,
  tell: (happening: Happening) => void = () => undefined,
  signal?: AbortSignal,
): Promise<WorkflowRun> {
  await mkdir(engine.home, { recursive: true });
  // JSON is YAML, which the engine reads by the file's ending; its own format knows no line breaks.
  const folder = await mkdtemp(join(engine.home, 'run-'));
  const files = { secrets: join(folder, 'secrets.yaml'), event: join(folder, 'event.json') };
  await writeFile(files.secrets, JSON.stringify(trigger.secrets ?? {}), { mode: 0o600 });
  await writeFile(files.event, JSON.stringify(payload(trigger.event)));
  const begun = performance.now();
  const log: string[] = [];
  const jobs = new EngineLog(tell);
  try {
    const child = execa(engine.program, engineArguments(engine, trigger, files), {
      cwd: trigger.repository,
      env: engine.environment,
      extendEnv: false,
      stdin: 'ignore',
      all: true,
      buffer: false,
      reject: false,
      ...(signal ? { cancelSignal: signal } : {}),
    });
    for await (const text of createInterface({ input: child.all })) {
      jobs.read(text);
      if (!text.includes(MASK)) log.push(text);
    }
    const { exitCode, shortMessage } = await child;
    signal?.throwIfAborted();
    if (jobs.jobs.length === 0) {
      throw new Error(`no job of ${trigger.workflow} ran: ${shortMessage ?? ''}\n${log.slice(-15).join('\n')}`);
    }
    return { succeeded: exitCode === 0, seconds: (performance.now() - begun) / 1000, jobs: jobs.jobs, log };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The job with this key; of a matrix the first leg. @throws Error naming those that ran. */
export function jobOf(run: WorkflowRun, id: string): JobRun {
  const job = run.jobs.find((candidate) => candidate.id === id);
  if (!job) throw new Error(`no job "${id}" ran; there were: ${run.jobs.map((candidate) => candidate.id).join(', ')}`);
  return job;
}

/** What a step set, by its `id` or its name. @throws Error when the job has no such step. */
export function outputsOf(job: JobRun, step: string): Readonly<Record<string, string>> {
  const found = job.steps.find(({ id, name }) => id === step || name === step);
  if (!found) throw new Error(`the job "${job.id}" ran no step "${step}"`);
  return found.outputs;
}

/** The event as the code host would tell it: the fields that the engine and our actions read. */
function payload(event: Event): object {
  const repository = { private: true, default_branch: 'main' };
  switch (event.name) {
    case 'push':
      return { repository, ref: `refs/heads/${event.branch}` };
    case 'pull_request':
      return { repository, number: event.number };
    case 'workflow_dispatch':
      return { repository, ref: `refs/heads/${event.branch}`, inputs: event.inputs };
  }
}

function engineArguments(engine: Engine, trigger: Trigger, files: { secrets: string; event: string }): string[] {
  const pairs = (flag: string, of: Readonly<Record<string, string>> = {}) =>
    Object.entries(of).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  return [
    trigger.event.name,
    ...['--eventpath', files.event],
    ...['--workflows', trigger.workflow],
    // Steps run on this machine itself: no container engine is needed.
    ...['--platform', 'ubuntu-latest=-self-hosted'],
    ...['--no-cache-server', '--rm', '--json'],
    ...['--secret-file', files.secrets],
    ...['--env', `ARTIFACTS=${trigger.artifacts}`],
    ...pairs('--local-repository', engine.repositories),
    ...pairs('--var', trigger.vars),
  ];
}
