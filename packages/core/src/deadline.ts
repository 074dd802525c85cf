import { setTimeout as wait } from 'node:timers/promises';
import { DeadlineError } from './errors.ts';

/** The time that a step has. */
export interface Deadline {
  /** Milliseconds left; 0 once it has passed. */
  remaining(): number;
  /** Milliseconds given. */
  readonly total: number;
  /** Aborted with a DeadlineError when the time is over. */
  readonly signal: AbortSignal;
}

/** The longest that a timer can be set to: 24.8 days. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Starts a deadline of `total` milliseconds. `doing` names what is going on when it passes. */
export function startDeadline(total: number, doing: () => string): Deadline & { stop(): void } {
  const controller = new AbortController();
  const end = performance.now() + total;
  const timer = setTimeout(
    () => controller.abort(new DeadlineError(total / 1000, doing())),
    Math.min(total, LONGEST_TIMER),
  );
  return {
    total,
    signal: controller.signal,
    remaining: () => Math.max(0, end - performance.now()),
    stop: () => clearTimeout(timer),
  };
}

/** A signal for a part of the work: aborted with `signal`, or after `ms` milliseconds with a DeadlineError that names what was being done. */
export function within(ms: number, signal: AbortSignal, doing: string): AbortSignal {
  const controller = new AbortController();
  // It must not keep a process alive whose work is done.
  setTimeout(() => controller.abort(new DeadlineError(ms / 1000, doing)), Math.min(ms, LONGEST_TIMER)).unref();
  return AbortSignal.any([signal, controller.signal]);
}

/**
 * Waits `ms` milliseconds.
 * @throws the signal's reason as soon as it is aborted.
 */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  try {
    await wait(Math.min(ms, LONGEST_TIMER), undefined, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

/**
 * What `work` comes to, or the signal's reason as soon as it is aborted; for work that cannot be aborted itself.
 * What it still does then is not waited for.
 */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  return promise;
}
