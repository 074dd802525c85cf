import { ActionError, CancelledError, type DeadlineError, type Place } from '@deploy-actions/core';
import { findPlace, type PlannedChange, type Verdict } from '@deploy-actions/kubernetes';
import type { LogTail } from './result.ts';

/** Enough for a stack trace with the sentence above it. */
const QUOTED_LINES = 10;

/** A verdict as the error that the user sees: resource, container, reason, exit code, last lines, and the manifest's line. */
export function errorOfVerdict(
  verdict: Verdict,
  change: PlannedChange | undefined,
  tails: readonly LogTail[],
  timedOut: DeadlineError | undefined,
): ActionError {
  const tail = tails.find((entry) => entry.pod === verdict.pod && entry.container === verdict.container);
  const lines = tail?.lines.slice(-QUOTED_LINES) ?? [];
  const log = lines.length === 0 ? '' : `\nlast lines of its log:\n${lines.map((line) => `  ${line}`).join('\n')}`;
  const clock = timedOut === undefined ? '' : `${timedOut.message}; `;
  const where =
    change === undefined ? undefined : ((verdict.field && findPlace(change.places, verdict.field)) ?? change.place);
  const place: Place = {
    ...where,
    resource: verdict.resource,
    ...(verdict.container === undefined ? {} : { container: verdict.container }),
  };
  return new ActionError(verdict.reason, `${clock}${verdict.resource}: ${verdict.message}${log}`, {
    hint: verdict.hint,
    place,
    retryable: verdict.retryable,
    ...(verdict.exitCode === undefined ? {} : { exitCode: verdict.exitCode }),
  });
}

/** How a step that failed by this error ended; the clock decides over the suspicion that explains it. */
export function outcomeOf(error: unknown, timedOut: boolean): 'failed' | 'timed-out' | 'cancelled' {
  if (timedOut) return 'timed-out';
  return error instanceof CancelledError ? 'cancelled' : 'failed';
}
