import * as core from '@actions/core';
import { ActionError } from './errors.ts';
import { leave } from './lifetime.ts';

/**
 * Ends a step whose fault lies before or in the publishing of its result, so that nothing else can tell of it: one sentence, outcome and
 * reason, exit code 1. Of a fault that is not foreseen only the name is shown, since nothing is redacted here.
 */
export function failPlainly(action: string, error: unknown): void {
  const known = error instanceof ActionError ? error : undefined;
  const reason = known?.reason ?? 'error-internal';
  const name = error instanceof Error ? error.name : typeof error;
  const what =
    known === undefined ? `a fault of this action itself (${name})` : `${known.message} — next: ${known.hint}`;
  core.error(`${action} failed (${reason}): ${what}`);
  try {
    core.setOutput('outcome', 'failed');
    core.setOutput('reason', reason);
  } catch {
    // The file for outputs may be just what is missing; the exit code tells the rest.
  }
  leave(1);
}
