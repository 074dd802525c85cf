import { ActionError } from '@deploy-actions/core';

/** All faults as one error, under the first one's reason, hint and place; nothing where there are none. */
export function throwTogether(faults: readonly ActionError[]): void {
  const [first, ...more] = faults;
  if (first === undefined) return;
  if (more.length === 0) throw first;
  const list = faults.map((fault) => `  ${fault.message}`).join('\n');
  throw new ActionError(first.reason, `${faults.length} faults in the manifests:\n${list}`, {
    hint: first.hint,
    place: first.place,
    cause: first,
  });
}

/** Runs `work` and keeps the fault that it throws; other errors go on. */
export function collecting<T>(faults: ActionError[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    faults.push(error);
    return undefined;
  }
}
