// How a step ends that is ended from outside: by the runner's cancel, or by its own time limit.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Job, startJob, TERMINATE_AFTER_MS } from '@deploy-actions/harness';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSuite, releaseTree } from './suite.ts';

const release = await releaseTree();
const suite = await loadSuite();
let job: Job;
let server: Server;
let asked: Promise<void>;

beforeEach(async () => {
  job = await startJob({ tree: release.tree });
  // It takes every request and answers none.
  asked = new Promise((done) => {
    server = createServer(() => done());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await job.remove();
});
afterAll(() => release.remove());

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

/** A kubeconfig whose API server is the one that never answers. */
const kubeconfig = () =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: url() } }],
    users: [{ name: 'u', user: { token: 'a-token-of-no-use' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'shop' } }],
    'current-context': 'x',
  });

const WAITING: readonly [string, () => Record<string, string>][] = [
  ['smoke-test', () => ({ url: url() })],
  ['sync-secrets', () => ({ 'secret-name': 'api', 'string-data': 'KEY: value-of-no-use', kubeconfig: kubeconfig() })],
];

describe.each(WAITING)('%s before a server that never answers', (name, inputs) => {
  it('ends on a cancel before the runner gets impatient, and says so', async () => {
    const step = job.start(name, inputs());
    await Promise.race([asked, step.done]);
    step.cancel();
    const ended = await step.done;
    expect(ended).toMatchObject({
      exitCode: 1,
      cancelledBy: 'SIGINT',
      outputs: { outcome: 'cancelled', reason: 'cancelled' },
    });
    expect(ended.secondsAfterCancel).toBeLessThan(TERMINATE_AFTER_MS / 1000);
    expect((await job.end()).leftRunning).toEqual([]);
  });

  it('ends when its time has run out', async () => {
    const ended = await job.run(name, { ...inputs(), timeout: '1s' });
    // Nothing measured in the time given is smoke-test's own verdict on the release.
    const outputs =
      name === 'smoke-test'
        ? { outcome: 'failed', reason: 'no-samples' }
        : { outcome: 'timed-out', reason: 'deadline' };
    expect(ended).toMatchObject({ exitCode: 1, cancelledBy: undefined, outputs });
    expect(ended.seconds).toBeGreaterThan(0.9);
    expect(ended.seconds).toBeLessThan(4);
  });
});

describe.each(suite.filter((action) => action.file.runs.post !== undefined))('the post step of $name', ({ name }) => {
  it('passes where the main step has refused its inputs and left nothing', async () => {
    expect((await job.run(name, { 'no-such-input': 'x' })).exitCode).toBe(1);
    const { posts, leftRunning } = await job.end();
    expect(posts.map(({ exitCode, annotations }) => ({ exitCode, annotations }))).toEqual([
      { exitCode: 0, annotations: [] },
    ]);
    expect(leftRunning).toEqual([]);
  });
});
