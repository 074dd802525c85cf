import type { ActionError, Outcome } from '@deploy-actions/core';

/** The end of one container's log, as far as it may be shown. */
export interface LogTail {
  readonly pod: string;
  readonly container: string;
  readonly lines: readonly string[];
}

/** What became of putting back. */
export type Rollback =
  /** Nothing was changed, or it was switched off. */
  | { readonly state: 'none' }
  /** A first deployment: there is nothing to go back to. */
  | { readonly state: 'left-standing' }
  /** Another run has deployed the release since: what there is is that run's. */
  | { readonly state: 'superseded' }
  /** All is as before, and ready where `ready` says so (a cancelled run has no time to wait). */
  | { readonly state: 'done'; readonly ready: boolean; readonly seconds: number }
  | { readonly state: 'failed'; readonly because: string };

/** How a deployment ended. */
export interface Result {
  readonly outcome: Outcome;
  readonly failure: ActionError | undefined;
  readonly rollback: Rollback;
  readonly tails: readonly LogTail[];
  /** Seconds from the first change to ready or doomed. */
  readonly seconds: number;
}

/** What became of putting back, in one sentence; empty where nothing was to be done. */
export function rollbackLine(rollback: Rollback, previous: number | undefined): string {
  const to = previous === undefined ? 'what was there before' : `revision ${previous}`;
  switch (rollback.state) {
    case 'none':
      return '';
    case 'left-standing':
      return 'there is no earlier good release to go back to, so what was applied is left standing';
    case 'superseded':
      return 'another run has deployed this release meanwhile, so nothing is put back';
    case 'done':
      return rollback.ready
        ? `rolled back to ${to}, ready again after ${rollback.seconds} s`
        : `rolling back to ${to} is set going; a cancelled run does not wait for it`;
    case 'failed':
      return `rolling back to ${to} failed: ${rollback.because}`;
  }
}
