import { expect } from 'vitest';

/** What `work` failed with; a test fails where it did not. */
export function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => error,
  );
}
