import type { Deadline } from './deadline.ts';
import type { Evidence } from './evidence.ts';
import type { HttpGateway } from './http.ts';
import type { Log } from './log.ts';
import type { Programs } from './programs.ts';
import type { Redactor } from './redact.ts';
import type { ReleaseReport } from './report/schema.ts';

/** Where the step runs, from the runner's variables. Paths are absolute. */
export interface Runner {
  readonly workspace: string;
  /** `$RUNNER_TEMP`. */
  readonly temp: string;
  /** `owner/name`, or undefined outside of a workflow. */
  readonly repository: string | undefined;
  readonly actor: string | undefined;
  readonly commit: string | undefined;
  /** `refs/heads/main`, `refs/tags/v1.2.3`, `refs/pull/7/merge`. */
  readonly ref: string | undefined;
  readonly event: string | undefined;
  /** Address of this run's attempt. */
  readonly runUrl: string | undefined;
  /** The repository's visibility, from the event; undefined where it cannot be told. */
  readonly isPrivate: boolean | undefined;
}

/** All that an action may reach besides its inputs. One is made a run. */
export interface Context {
  readonly action: string;
  readonly runner: Runner;
  /** A snapshot of the environment as the step began. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted with a CancelledError by the runner's cancel, or with a DeadlineError when `timeout` has run out. */
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly programs: Programs;
  readonly http: HttpGateway;
  readonly evidence: Evidence;
  /** What earlier steps and jobs of this release left. */
  readonly release: ReleaseReport;
  /** Has `work` run when the step ends, however it ends, last given first; it must be quick. */
  onEnd(work: () => void | Promise<void>): void;
}
