import { CancelledError } from './errors.ts';

/**
 * The runner's cancel sequence: SIGINT, 7.5 s later SIGTERM, 2.5 s later the end. The first aborts `signal` and leaves the work
 * this long to put things in order; then, or with SIGTERM, `giveUp` must end the process.
 */
const ORDERLY_MS = 6_000;

/** How long each thing that was put off to the end may take. */
export const ORDERLY_END_MS = 2_000;
/** The same once the runner's patience is used up. */
export const HURRIED_END_MS = 300;

export interface Lifetime {
  /** Aborted with a CancelledError by the runner's cancel. */
  readonly signal: AbortSignal;
  /** No longer listens. */
  disarm(): void;
}

/**
 * Listens for everything that can end the step from outside of its work. `giveUp` is called with undefined for a cancel that must not wait
 * any longer, and with the error for a fault that nobody awaited.
 */
export function watchLifetime(giveUp: (error: unknown) => void): Lifetime {
  const controller = new AbortController();
  let watchdog: NodeJS.Timeout | undefined;
  const onCancel = () => {
    controller.abort(new CancelledError());
    watchdog ??= setTimeout(() => giveUp(undefined), ORDERLY_MS);
  };
  const onTerminate = () => {
    controller.abort(new CancelledError());
    giveUp(undefined);
  };
  const onFault = (error: unknown) => giveUp(error);
  const onEmpty = () => giveUp(new Error('nothing is left to wait for, and the work has not ended'));
  process.on('SIGINT', onCancel).on('SIGTERM', onTerminate).on('uncaughtException', onFault).on('beforeExit', onEmpty);
  return {
    signal: controller.signal,
    disarm() {
      clearTimeout(watchdog);
      process
        .off('SIGINT', onCancel)
        .off('SIGTERM', onTerminate)
        .off('uncaughtException', onFault)
        .off('beforeExit', onEmpty);
    },
  };
}

/** Exits once all that was printed has left the process. */
export function leave(code: 0 | 1): void {
  process.stdout.write('', () => process.exit(code));
}
