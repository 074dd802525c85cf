import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleJob } from '../test/run-sample.ts';
import { fromHandoff } from './report/handoff.ts';

const job = sampleJob();
const { run } = job;

describe('time', () => {
  it('runs out while applying', async () => {
    const ended = await run({ behaviour: 'wait', timeout: '500ms' });
    expect([ended.code, ended.outputs.outcome, ended.outputs.reason]).toEqual([1, 'timed-out', 'deadline']);
    expect(ended.log).toContain(
      'sample timed out (deadline): timeout of 0.5 s ran out while applying the plan — next: raise `timeout`',
    );
  });

  it('runs out while observing, though that does not listen', async () => {
    const ended = await run({ observing: 'hang', timeout: '500ms' });
    expect([ended.outputs.outcome, ended.seconds < 5]).toEqual(['timed-out', true]);
    expect(ended.log).not.toContain('applying');
  });
});

describe('a cancel', () => {
  const once = (word: string, signal: NodeJS.Signals) => (log: string, kill: (signal: NodeJS.Signals) => void) => {
    if (log.includes(word)) kill(signal);
  };

  it('leaves apply the time to put things in order', async () => {
    const ended = await run({ behaviour: 'put-in-order' }, { when: once('applying', 'SIGINT') });
    expect([ended.code, ended.outputs.outcome, ended.outputs.reason]).toEqual([1, 'cancelled', 'cancelled']);
    expect(ended.log).toContain('put in order\n::error::sample was cancelled (cancelled): the run was cancelled');
    expect(ended.seconds).toBeLessThan(5);
  });

  it('does not begin to apply once it has come', async () => {
    const ended = await run({ observing: 'hang' }, { when: once('observing', 'SIGINT') });
    expect([ended.code, ended.outputs.outcome]).toEqual([1, 'cancelled']);
    expect(ended.log).not.toContain('applying');
  });

  it('is recorded within 7 seconds though apply does not listen', async () => {
    const ended = await run({ behaviour: 'hang' }, { when: once('applying', 'SIGINT') });
    expect([ended.code, ended.outputs.outcome, ended.outputs.report]).toEqual([
      1,
      'cancelled',
      join(job.dir, 'deploy-actions/report.json'),
    ]);
    expect(ended.seconds).toBeGreaterThan(5);
    expect(ended.seconds).toBeLessThan(7.5);
    expect(ended.log).toContain('put away');
    expect(existsSync(join(job.dir, 'deploy-actions/01-sample/verdict.md'))).toBe(true);
  }, 15_000);

  it('ends at once on SIGTERM, with everything written', async () => {
    const ended = await run({ behaviour: 'hang' }, { when: once('applying', 'SIGTERM') });
    expect([ended.code, ended.outputs.outcome]).toEqual([1, 'cancelled']);
    expect(ended.seconds).toBeLessThan(4);
    expect(fromHandoff(ended.exported.DEPLOY_HANDOFF ?? '')).toMatchObject({
      report: { steps: [{ outcome: 'cancelled' }] },
    });
    expect(ended.summary).toContain('was cancelled');
  });
});
