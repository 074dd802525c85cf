import * as v from 'valibot';

/** How a step or a job ended. */
export type Result = 'success' | 'failure' | 'skipped';

/** One step of a job, as the engine ran it. */
export interface StepRun {
  readonly name: string;
  /** The step's `id`, or its place in the job (`0`, `1` …) where it has none. */
  readonly id: string;
  readonly result: Result;
  readonly seconds: number;
  readonly outputs: Readonly<Record<string, string>>;
}

/** One job; each leg of a matrix is one. */
export interface JobRun {
  /** The job's key in its workflow. */
  readonly id: string;
  /** `WORKFLOW/NAME`, with the callers' names before it. */
  readonly name: string;
  readonly result: Result;
  readonly seconds: number;
  readonly steps: readonly StepRun[];
}

/** What a reader of the log is told as it happens. */
export type Happening =
  | { readonly kind: 'step-started'; readonly job: string; readonly step: string }
  | { readonly kind: 'step-ended'; readonly job: string; readonly step: StepRun }
  | { readonly kind: 'job-ended'; readonly job: JobRun };

const result = v.picklist(['success', 'failure', 'skipped']);
/** The fields of `act --json` that are read; there are more. */
const line = v.object({
  msg: v.optional(v.string(), ''),
  job: v.optional(v.pipe(v.string(), v.trim())),
  jobID: v.optional(v.string()),
  step: v.optional(v.string()),
  stepID: v.optional(v.array(v.string()), []),
  stage: v.optional(v.string()),
  executionTime: v.optional(v.number()),
  stepResult: v.optional(result),
  jobResult: v.optional(result),
  command: v.optional(v.string()),
  name: v.optional(v.string()),
  arg: v.optional(v.string()),
});
type Line = v.InferOutput<typeof line>;

interface OpenJob {
  readonly id: string;
  readonly since: number;
  readonly steps: StepRun[];
  readonly outputs: Map<string, Record<string, string>>;
  running: string | undefined;
  /** A step that has ended but whose outputs are still being told: they come after its result. */
  ending: StepRun | undefined;
}

/** Follows the lines of `act --json` and keeps what they say as data. */
export class EngineLog {
  readonly #jobs = new Map<string, OpenJob>();
  readonly #ended: JobRun[] = [];
  readonly #tell: (happening: Happening) => void;
  readonly #now: () => number;

  /** @param now milliseconds; the engine's own times are whole seconds. */
  constructor(tell: (happening: Happening) => void, now: () => number = () => performance.now()) {
    this.#tell = tell;
    this.#now = now;
  }

  /** The jobs that have ended, in that order. */
  get jobs(): readonly JobRun[] {
    return this.#ended;
  }

  /** Takes one line; what is no JSON object (a message of the engine itself) says nothing about a job. */
  read(text: string): void {
    const parsed = v.safeParse(line, parseJson(text));
    if (!parsed.success || parsed.output.job === undefined) return;
    const { job: name, jobID } = parsed.output;
    const job = this.#jobs.get(name) ?? this.#open(name, jobID ?? name);
    // Steps of a composite action have two identifiers; only the step that the workflow names counts.
    if (parsed.output.stage === 'Main' && parsed.output.stepID.length === 1) this.#readStep(name, job, parsed.output);
    if (parsed.output.jobResult) this.#close(name, job, parsed.output.jobResult);
  }

  #open(name: string, id: string): OpenJob {
    const job: OpenJob = {
      id,
      since: this.#now(),
      steps: [],
      outputs: new Map(),
      running: undefined,
      ending: undefined,
    };
    this.#jobs.set(name, job);
    return job;
  }

  #readStep(name: string, job: OpenJob, { step = '', stepID: [id = ''], ...said }: Line): void {
    if (job.ending && job.ending.id !== id) this.#endStep(name, job);
    const outputs = job.outputs.get(id) ?? {};
    job.outputs.set(id, outputs);
    if (said.command === 'set-output' && said.name !== undefined) outputs[said.name] = said.arg ?? '';
    if (said.stepResult) {
      job.ending = { name: step, id, result: said.stepResult, seconds: (said.executionTime ?? 0) / 1e9, outputs };
    } else if (job.running !== id) {
      job.running = id;
      this.#tell({ kind: 'step-started', job: name, step });
    }
  }

  #endStep(name: string, job: OpenJob): void {
    if (!job.ending) return;
    const step = job.ending;
    job.ending = undefined;
    job.steps.push(step);
    this.#tell({ kind: 'step-ended', job: name, step });
  }

  #close(name: string, job: OpenJob, result: Result): void {
    this.#endStep(name, job);
    const seconds = (this.#now() - job.since) / 1000;
    const ended: JobRun = { id: job.id, name, result, seconds, steps: job.steps };
    this.#ended.push(ended);
    this.#tell({ kind: 'job-ended', job: ended });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
