import type { Conclusion } from './action.ts';
import { ActionError, CancelledError } from './errors.ts';
import { failsStep, type Outcome } from './outcome.ts';

/**
 * What a thrown error comes to. A foreseen fault keeps its reason; anything thrown because the step was aborted (an AbortError, a socket
 * torn down) is the abort's reason; the rest is our own fault, `error-internal`.
 */
export function conclusionOf(thrown: unknown, signal: AbortSignal | undefined): Conclusion {
  const failure = failureOf(thrown, signal);
  return { outcome: outcomeOf(failure), failure, outputs: {}, summary: '' };
}

/** The conclusion of a run that was cancelled and whose work did not end by itself. */
export function cancelledConclusion(): Conclusion {
  return conclusionOf(new CancelledError(), undefined);
}

/** A conclusion that fails the step must say why; one that doesn't is a fault of the action itself. */
export function withReason(conclusion: Conclusion): Conclusion {
  if (!failsStep(conclusion.outcome) || conclusion.failure !== undefined) return conclusion;
  return { ...conclusion, ...conclusionOf(new Error(`it ended as ${conclusion.outcome} without a reason`), undefined) };
}

function failureOf(thrown: unknown, signal: AbortSignal | undefined): ActionError {
  if (thrown instanceof ActionError) return thrown;
  if (signal?.aborted && signal.reason instanceof ActionError) return signal.reason;
  const what = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new ActionError('error-internal', `a fault of this action itself: ${what}`, {
    hint: 'run it again with step debug logging (the secret ACTIONS_STEP_DEBUG set to true) and report what it shows',
    cause: thrown,
  });
}

function outcomeOf(failure: ActionError): Outcome {
  switch (failure.reason) {
    case 'deadline':
      return 'timed-out';
    case 'cancelled':
      return 'cancelled';
    default:
      return 'failed';
  }
}
