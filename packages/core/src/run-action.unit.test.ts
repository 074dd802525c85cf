import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleJob } from '../test/run-sample.ts';
import { fromHandoff, toHandoff } from './report/handoff.ts';
import { EMPTY_REPORT } from './report/merge.ts';

const job = sampleJob();
const { run } = job;
const evidence = (name: string, step = '01-sample') =>
  readFileSync(join(job.dir, 'deploy-actions', step, name), 'utf8');
const handoffOf = (line: string | undefined) => {
  const read = fromHandoff(line ?? '');
  return read.ok ? read.report : expect.unreachable(read.message);
};

describe('a step that succeeds', () => {
  it('prints its plan before it applies it, and sets outputs, report, handoff, summary and evidence', async () => {
    const ended = await run({});
    expect(ended.code).toBe(0);
    expect(ended.log).toMatch(
      /observing\n::group::Plan\nchange one thing\n::endgroup::\napplying\nsample succeeded in [\d.]+ s\nput away\n/,
    );
    const report = join(job.dir, 'deploy-actions/report.json');
    expect(ended.outputs).toEqual({
      outcome: 'succeeded',
      reason: '',
      report,
      handoff: expect.stringMatching(/^da1\./),
      result: 'changed',
      resource: '',
      'exit-code': '',
    });
    expect(ended.exported).toEqual({ DEPLOY_HANDOFF: ended.outputs.handoff });
    expect(ended.summary).toMatch(/^### ✅ sample succeeded\n\n[\d.]+ s\n\nIt is changed\.\n/);
    expect(evidence('verdict.md').trim()).toBe(ended.summary.trim());
    expect(JSON.parse(evidence('plan.json'))).toMatchObject({ action: 'sample', changes: ['change one thing'] });
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
      release: 'shop',
      commit: '4f2c',
      run: 'https://github.com/acme/shop/actions/runs/1/attempts/1',
      images: { 'ghcr.io/acme/api': { digest: expect.any(String) } },
      steps: [{ action: 'sample', outcome: 'succeeded' }],
    });
    expect(handoffOf(ended.outputs.handoff).commit).toBe('4f2c');
    expect(statSync(report).mode & 0o777).toBe(0o600);
  });

  it('goes on from the step before it, and from another job', async () => {
    await run({});
    const earlier = toHandoff({
      ...EMPTY_REPORT,
      commit: 'other',
      images: { web: { digest: `sha256:${'b'.repeat(64)}` } },
    });
    const ended = await run({}, { env: { DEPLOY_HANDOFF: earlier } });
    expect(readdirSync(join(job.dir, 'deploy-actions'))).toEqual(['01-sample', '02-sample', 'report.json']);
    const report = handoffOf(ended.outputs.handoff);
    expect([Object.keys(report.images).toSorted(), report.steps.length]).toEqual([['ghcr.io/acme/api', 'web'], 2]);
  });

  it('changes nothing on a dry run', async () => {
    const ended = await run({ 'dry-run': 'true' });
    expect([ended.code, ended.outputs.outcome]).toEqual([0, 'unchanged']);
    expect(ended.log).not.toContain('applying');
    expect(ended.summary).toContain('Planned, and not done:\n\n- change one thing');
  });
});

describe('a step that fails', () => {
  it('says what, where, why and what to do', async () => {
    const ended = await run({ behaviour: 'refuse' });
    expect(ended.code).toBe(1);
    expect(ended.log).toContain(
      '::error file=k8s/api.yaml,line=12::sample failed (crash-loop): the container api ends again and again — next: look at its log\n',
    );
    expect(ended.outputs).toMatchObject({
      outcome: 'failed',
      reason: 'crash-loop',
      resource: 'shop/Deployment/api',
      'exit-code': '137',
      result: '',
    });
    expect(ended.summary).toMatch(/^### ❌ sample failed: `crash-loop`\n\n- \*\*What:\*\* the container api/);
    expect(ended.summary).toContain('- **Where:** `shop/Deployment/api`, container `api`, `k8s/api.yaml:12`\n');
    expect(handoffOf(ended.exported.DEPLOY_HANDOFF).steps).toEqual([
      {
        action: 'sample',
        outcome: 'failed',
        reason: 'crash-loop',
        resource: 'Deployment/api',
        container: 'api',
        exitCode: 137,
        retryable: false,
        seconds: expect.any(Number),
      },
    ]);
    expect(ended.log).toContain('put away');
  });

  it('begins nothing with faulty inputs, and names the fault of each, the handoff too', async () => {
    const ended = await run({ behaviour: 'sing', pasword: 'x' }, { env: { DEPLOY_HANDOFF: 'da1.nonsense' } });
    expect([ended.code, ended.outputs.outcome, ended.outputs.reason]).toEqual([1, 'failed', 'error-input']);
    expect(ended.log).toMatch(
      /3 inputs are wrong:.*behaviour: .*pasword: .*did you mean `password`.*DEPLOY_HANDOFF line 1/,
    );
    expect(ended.log).not.toContain('observing');
    expect(ended.outputs.handoff).toMatch(/^da1\./);
  });

  it('hands on what came into the job though its inputs are faulty', async () => {
    const image = { digest: `sha256:${'b'.repeat(64)}`, scan: 'vulnerable' } as const;
    const earlier = toHandoff({ ...EMPTY_REPORT, images: { web: image } });
    const ended = await run({ behaviour: 'sing' }, { env: { DEPLOY_HANDOFF: earlier } });
    expect(ended.outputs.reason).toBe('error-input');
    expect(handoffOf(ended.exported.DEPLOY_HANDOFF)).toMatchObject({
      images: { web: image },
      steps: [{ reason: 'error-input' }],
    });
  });

  it('leaves a report and a handoff that it cannot read as they are, so that later steps stumble over them too', async () => {
    const report = join(job.dir, 'deploy-actions/report.json');
    mkdirSync(join(job.dir, 'deploy-actions'));
    writeFileSync(report, '{"steps": [{"outcome": "fai');
    const ended = await run({}, { env: { DEPLOY_HANDOFF: 'da1.nonsense' } });
    expect([ended.code, ended.outputs.reason]).toEqual([1, 'error-input']);
    expect(ended.log).toMatch(/DEPLOY_HANDOFF line 1 is damaged.*report\.json is no JSON/);
    expect(readFileSync(report, 'utf8')).toBe('{"steps": [{"outcome": "fai');
    expect([ended.outputs.handoff, ended.exported]).toEqual(['da1.nonsense', {}]);
  });

  it('shows no stack of its own fault but to those who debug', async () => {
    const ended = await run({ behaviour: 'crash', password: 'hunter2' });
    expect([ended.code, ended.outputs.reason]).toEqual([1, 'error-internal']);
    expect(ended.log).toContain(
      '::error::sample failed (error-internal): a fault of this action itself: TypeError: cannot read *** — next: ',
    );
    const lines = ended.log.split('\n').filter((line) => /^\s+at /.test(line));
    expect(lines).toEqual([]);
    expect(ended.log).toMatch(/::debug::TypeError: cannot read \*\*\*%0A {4}at /);
  });

  it('shows a secret nowhere, and takes no command from other people’s text', async () => {
    const ended = await run({ behaviour: 'tell', password: 'hunter2\nsecond-line' });
    expect(ended.code).toBe(0);
    const masks = ended.log.split('\n').filter((line) => line.startsWith('::add-mask::'));
    expect(masks).toEqual(['::add-mask::hunter2%0Asecond-line']);
    const shown =
      ended.log.replace(masks.join(), '') +
      JSON.stringify([ended.outputs, ended.exported, ended.summary]) +
      evidence('plan.json') +
      evidence('verdict.md');
    expect(shown).not.toMatch(/hunter2|second-line/);
    expect(ended.log).not.toMatch(/^::set-output/m);
  });

  it('does not wait for what nothing can end', async () => {
    const ended = await run({ behaviour: 'strand', timeout: '300ms' });
    expect([ended.code, ended.outputs.outcome, ended.outputs.reason]).toEqual([1, 'timed-out', 'deadline']);
  });

  it('is its own fault where it gives no reason', async () => {
    const ended = await run({ behaviour: 'mislead' });
    expect([ended.code, ended.outputs.reason]).toEqual([1, 'error-internal']);
    expect(ended.log).toContain('it ended as failed without a reason');
  });

  it('is told of an output that its action does not declare', async () => {
    const ended = await run({ behaviour: 'overshare' });
    expect([ended.code, ended.outputs.other]).toEqual([0, undefined]);
    expect(ended.log).toContain(
      '::warning::a part of the result could not be written: the action does not declare its outputs other',
    );
  });

  it('has no time of none', async () => {
    expect((await run({ timeout: '0' })).log).toContain('timeout: `0` is too short (accepted: 0.001 s or more)');
  });

  it('says in one sentence that it has no place to write to', async () => {
    const ended = await run({}, { env: { RUNNER_TEMP: '/dev/null' } });
    expect([ended.code, ended.outputs.outcome, ended.outputs.reason]).toEqual([1, 'failed', 'error-input']);
    expect(ended.log).toBe(
      '::error::sample failed (error-input): the folder /dev/null/deploy-actions for report and evidence cannot be made (ENOTDIR) — next: RUNNER_TEMP must name a folder that this step may write to\n',
    );
  });

  it('ends by a fault that nobody awaited', async () => {
    const ended = await run({ behaviour: 'stray' });
    expect([ended.code, ended.outputs.reason]).toEqual([1, 'error-internal']);
    expect(ended.log).toContain('nobody waits for me');
  });
});
