import pRetry from 'p-retry';
import { sleep } from './deadline.ts';
import type { Log } from './log.ts';

export interface RetryOptions {
  /** Ends the waiting and the trying, with its reason. */
  readonly signal: AbortSignal;
  /** Tries in all; 5 unless told. */
  readonly attempts?: number;
  /** Whether the same may work when tried again; `afterMs` is what the other side asked for (`Retry-After`). */
  isTransient(error: unknown): boolean | { readonly afterMs: number };
  /** Told of each try that failed and is made again. */
  readonly log?: Pick<Log, 'info'>;
  /** The first pause in milliseconds, doubled each time up to 30 s, and stretched by up to as much again at random; 500 unless told. */
  readonly pauseMs?: number;
}

/**
 * Does `work`, again while its error is transient and tries are left.
 * @throws what the last try threw, or the signal's reason.
 */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, attempts = 5, isTransient, log, pauseMs = 500 } = options;
  let asked = 0;
  return pRetry((attempt) => work(attempt), {
    retries: attempts - 1,
    minTimeout: pauseMs,
    maxTimeout: 30_000,
    randomize: true,
    signal,
    async shouldRetry({ error, attemptNumber, retryDelay }) {
      const transient = isTransient(error);
      if (transient === false) return false;
      asked = transient === true ? 0 : Math.max(0, transient.afterMs - retryDelay);
      log?.info(
        `try ${attemptNumber} of ${attempts} failed (${error.message}); again in ${((retryDelay + asked) / 1000).toFixed(1)} s`,
      );
      // The pause asked for is a least, and pRetry adds its own on top.
      if (asked > 0) await sleep(asked, signal);
      return true;
    },
  });
}
