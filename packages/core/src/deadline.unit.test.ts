import { describe, expect, it } from 'vitest';
import { sleep, startDeadline, unlessAborted, within } from './deadline.ts';
import { CancelledError, DeadlineError } from './errors.ts';

const never = new AbortController().signal;

describe('startDeadline', () => {
  it('aborts with what was going on', async () => {
    let doing = 'beginning';
    const deadline = startDeadline(20, () => doing);
    expect(deadline.remaining()).toBeGreaterThan(0);
    doing = 'waiting';
    await expect(sleep(5_000, deadline.signal)).rejects.toThrow('timeout of 0.02 s ran out while waiting');
    expect(deadline.remaining()).toBe(0);
    expect(deadline.signal.reason).toBeInstanceOf(DeadlineError);
  });

  it('can be longer than a timer, and be stopped', async () => {
    const long = startDeadline(30 * 86_400_000, () => 'waiting');
    const short = startDeadline(5, () => 'waiting');
    short.stop();
    await sleep(20, never);
    expect([long.signal.aborted, short.signal.aborted]).toEqual([false, false]);
    long.stop();
  });
});

describe('within', () => {
  it('ends with the time, or with the signal it stands in', async () => {
    await expect(sleep(5_000, within(10, never, 'asking'))).rejects.toThrow(/0.01 s ran out while asking/);
    const outer = new AbortController();
    const waiting = sleep(5_000, within(5_000, outer.signal, 'asking'));
    outer.abort(new CancelledError());
    await expect(waiting).rejects.toBeInstanceOf(CancelledError);
  });
});

describe('sleep', () => {
  it('does not begin on an aborted signal', async () => {
    await expect(sleep(5_000, AbortSignal.abort(new CancelledError()))).rejects.toBeInstanceOf(CancelledError);
  });
});

describe('unlessAborted', () => {
  it('yields what the work yields', async () => {
    expect(await unlessAborted(Promise.resolve(1), never)).toBe(1);
    await expect(unlessAborted(Promise.reject(new Error('x')), never)).rejects.toThrow('x');
  });

  it('does not wait for work that goes on', async () => {
    const outer = new AbortController();
    const waiting = unlessAborted(new Promise(() => {}), outer.signal);
    outer.abort(new CancelledError());
    await expect(waiting).rejects.toBeInstanceOf(CancelledError);
    await expect(unlessAborted(Promise.resolve(1), outer.signal)).rejects.toBeInstanceOf(CancelledError);
  });
});
