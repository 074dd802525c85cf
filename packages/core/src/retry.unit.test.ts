import { describe, expect, it } from 'vitest';
import { CancelledError } from './errors.ts';
import { retry } from './retry.ts';

const { signal } = new AbortController();
const failing = (times: number) => async (attempt: number) => {
  if (attempt <= times) throw new Error(`failure ${attempt}`);
  return attempt;
};

describe('retry', () => {
  it('tries again while the error is transient', async () => {
    const told: string[] = [];
    const result = await retry(failing(2), {
      signal,
      pauseMs: 1,
      isTransient: () => true,
      log: { info: (line) => told.push(line) },
    });
    expect(result).toBe(3);
    expect(told).toEqual([
      expect.stringMatching(/^try 1 of 5 failed \(failure 1\); again in 0\.0 s$/),
      expect.stringMatching(/^try 2 of 5 failed \(failure 2\); again in 0\.0 s$/),
    ]);
  });

  it('throws the last error when its tries are used up, and an error at once that is not transient', async () => {
    await expect(retry(failing(9), { signal, pauseMs: 1, attempts: 3, isTransient: () => true })).rejects.toThrow(
      'failure 3',
    );
    await expect(retry(failing(9), { signal, pauseMs: 1, isTransient: () => false })).rejects.toThrow('failure 1');
  });

  it('waits as long as the other side asks for', async () => {
    const begun = performance.now();
    await retry(failing(1), { signal, pauseMs: 1, isTransient: () => ({ afterMs: 60 }) });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(55);
  });

  it('ends with the reason of its signal, while it waits and while it is asked to', async () => {
    const controller = new AbortController();
    const waiting = retry(failing(9), { signal: controller.signal, isTransient: () => ({ afterMs: 60_000 }) });
    setTimeout(() => controller.abort(new CancelledError()), 10);
    await expect(waiting).rejects.toBeInstanceOf(CancelledError);
    await expect(retry(failing(0), { signal: controller.signal, isTransient: () => true })).rejects.toBeInstanceOf(
      CancelledError,
    );
  });
});
