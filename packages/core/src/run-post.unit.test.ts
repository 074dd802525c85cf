import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleJob } from '../test/run-sample.ts';

const job = sampleJob();
const { run } = job;

describe('the post step', () => {
  it('goes on in the evidence folder of the main step', async () => {
    const main = await run({});
    const post = await run({}, { stage: 'post', env: { STATE_evidence: main.state.evidence ?? '' } });
    expect([post.code, post.log]).toEqual([0, `cleaning up after ${join(job.dir, 'deploy-actions/01-sample')}\n`]);
    expect(readdirSync(join(job.dir, 'deploy-actions'))).toEqual(['01-sample', 'report.json']);
  });

  it('only warns of what it cannot do', async () => {
    const post = await run({}, { stage: 'post', env: { POST: 'fail' } });
    expect([post.code, post.log]).toEqual([
      0,
      expect.stringContaining('::warning::sample could not clean up: the cluster is gone — next: nothing'),
    ]);
  });

  it('says in one sentence that it has no place to write to', async () => {
    const ended = await run({}, { stage: 'post', env: { RUNNER_TEMP: '/dev/null' } });
    expect([ended.code, ended.log.split('\n').length]).toEqual([1, 2]);
    expect(ended.log).toContain('sample failed (error-input): the folder /dev/null/deploy-actions for report');
  });
});
