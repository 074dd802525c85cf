import type { ReasonCode } from './reasons.ts';

/** Where a fault lies, as far as it is known. `file` is relative to the workspace, `line` and `column` count from 1. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** `Kind/name`, with `namespace/` before it where that is not plain from the step. */
  readonly resource?: string;
  readonly container?: string;
}

export interface ErrorDetails {
  /** What the user should do next, one sentence. */
  readonly hint: string;
  readonly place?: Place;
  readonly exitCode?: number;
  /** True where the same step may pass when run again without a change. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** A fault with a stable reason code. Its message is one sentence for the user and never holds a secret. */
export class ActionError extends Error {
  readonly reason: ReasonCode;
  readonly hint: string;
  readonly place: Place;
  readonly exitCode: number | undefined;
  readonly retryable: boolean;

  constructor(reason: ReasonCode, message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.reason = reason;
    this.hint = details.hint;
    this.place = details.place ?? {};
    this.exitCode = details.exitCode;
    this.retryable = details.retryable ?? false;
  }
}

/** One fault of one input. */
export interface InputFault {
  readonly input: string;
  /** What is wrong, without the input's name and without a secret's value. */
  readonly message: string;
  /** What would be accepted. */
  readonly accepted?: string;
}

/** All faults of all inputs, reported together before anything starts. */
export class InputError extends ActionError {
  readonly faults: readonly InputFault[];

  constructor(faults: readonly InputFault[]) {
    const lines = faults.map(
      (f) => `${f.input}: ${f.message}${f.accepted === undefined ? '' : ` (accepted: ${f.accepted})`}`,
    );
    super(
      'error-input',
      lines.length === 1 ? `input ${lines[0]}` : `${lines.length} inputs are wrong:\n  ${lines.join('\n  ')}`,
      {
        hint: 'correct the `with:` block of this step; nothing was started',
      },
    );
    this.faults = faults;
  }
}

/** A program ended badly, or could not be started. `output` is its last lines, redacted. */
export class CommandError extends ActionError {
  readonly output: readonly string[];

  constructor(reason: ReasonCode, message: string, details: ErrorDetails & { readonly output: readonly string[] }) {
    super(reason, message, details);
    this.output = details.output;
  }
}

/** An HTTP exchange failed. `status` is undefined where no answer came. */
export class HttpError extends ActionError {
  readonly status: number | undefined;

  constructor(reason: ReasonCode, message: string, details: ErrorDetails & { readonly status?: number }) {
    super(reason, message, details);
    this.status = details.status;
  }
}

/** The time given ran out. `seconds` is what was given, `doing` what was going on. */
export class DeadlineError extends ActionError {
  constructor(seconds: number, doing: string) {
    super('deadline', `timeout of ${seconds} s ran out while ${doing}`, {
      hint: 'raise `timeout`, or look at what the step was waiting for above',
    });
  }
}

/** The run was cancelled, by a person or by a newer run of the same concurrency group. */
export class CancelledError extends ActionError {
  constructor() {
    super('cancelled', 'the run was cancelled', { hint: 'run it again when you are ready' });
  }
}
