// A rollout that fails on a real cluster is put back, whole, and only where it is still ours to undo.
import { BUILT_IN, type RecordEntry, readRecord, writeRevision } from '@deploy-actions/kubernetes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { app, configMap } from './kubernetes-app.ts';
import { type Bench, deploymentOf, openBench, readEvidence, writeFiles } from './kubernetes-support.ts';

let bench: Bench;
let image: string;
beforeAll(async () => {
  bench = await openBench();
  image = `${bench.registry}/debian:bookworm-slim`;
});
afterAll(() => bench.close());

test('a failed rollout is put back whole: image, variable, ConfigMap; and what it added goes', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  await writeFiles(job, {
    'k8s/app.yaml':
      app({ image, replicas: 2, env: { COLOUR: 'blue', KEPT: 'yes' } }) + configMap('settings', { a: '1' }),
  });
  await job.run('deploy-rollout', { manifests: 'k8s', namespace });
  await writeFiles(job, {
    'k8s/app.yaml':
      app({ image: `${bench.registry}/no-such-image:1`, replicas: 2, env: { COLOUR: 'green', NEW: 'x' } }) +
      configMap('settings', { a: '2', b: '3' }) +
      configMap('extra', { x: 'y' }),
  });
  const result = await job.run('deploy-rollout', { manifests: 'k8s', namespace });
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({
    outcome: 'failed',
    reason: 'image-not-found',
    resource: 'Deployment/api',
    revision: '2',
    'previous-revision': '1',
    retryable: 'false',
  });
  expect(result.log).toMatch(/rolled back to revision 1, ready again after/);
  const { containers } = (await deploymentOf(bench, namespace)).spec?.template.spec ?? { containers: [] };
  expect(containers[0]).toMatchObject({
    image,
    env: [
      { name: 'COLOUR', value: 'blue' },
      { name: 'KEPT', value: 'yes' },
    ],
  });
  expect((await bench.get(BUILT_IN.ConfigMap, namespace, 'settings'))?.data).toEqual({ a: '1' });
  expect(await bench.get(BUILT_IN.ConfigMap, namespace, 'extra')).toBeUndefined();
  const record = await bench.get(BUILT_IN.ConfigMap, namespace, 'deploy-actions.shop');
  expect(JSON.parse(((record?.data ?? {}) as Record<string, string>)['record.json'] ?? '').revisions).toMatchObject([
    { revision: 1, verdict: 'succeeded' },
    { revision: 2, verdict: 'failed', reason: 'image-not-found', rolledBack: true },
  ]);
  expect(await readEvidence(job, '02-deploy-rollout', 'diff.txt')).toContain('no-such-image:1');
  expect(JSON.parse(await readEvidence(job, '02-deploy-rollout', 'pods.json'))).toHaveLength(1);
  expect(await readEvidence(job, '02-deploy-rollout', 'events.json')).toContain('not found');
});

test('a first deployment that fails is left standing, and nothing is rolled back when that is switched off', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  await writeFiles(job, { 'app.yaml': app({ image, command: 'exit 3' }) });
  const first = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace });
  expect(first.outputs).toMatchObject({ outcome: 'failed', reason: 'crash-loop' });
  expect(first.log).toContain('left standing');
  await writeFiles(job, { 'app.yaml': app({ image }) });
  const mended = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace });
  expect(mended.outputs).toMatchObject({ outcome: 'succeeded', revision: '2', 'previous-revision': '' });
  await writeFiles(job, { 'app.yaml': app({ image, command: 'exit 4' }) });
  const kept = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace, 'rollback-on-failure': 'false' });
  expect(kept.outputs).toMatchObject({ outcome: 'failed', reason: 'crash-loop', 'previous-revision': '2' });
  expect((await deploymentOf(bench, namespace)).spec?.template.spec?.containers[0]?.command).toContain('exit 4');
});
test('a cancelled run is recorded, and its way back is set going within the time there is', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  await writeFiles(job, { 'app.yaml': app({ image, env: { A: '1' } }) });
  await job.run('deploy-rollout', { manifests: 'app.yaml', namespace });
  const never = "          readinessProbe: { exec: { command: ['false'] } }";
  await writeFiles(job, { 'app.yaml': app({ image, env: { A: '2' }, container: never }) });
  const result = await job.run(
    'deploy-rollout',
    { manifests: 'app.yaml', namespace },
    { cancelWhen: /0 of 1 available|old pending|1 updated/ },
  );
  expect(result.outputs).toMatchObject({ outcome: 'cancelled', reason: 'cancelled' });
  expect(result.log).toContain('is set going');
  expect((await deploymentOf(bench, namespace)).spec?.template.spec?.containers[0]?.env).toEqual([
    { name: 'A', value: '1' },
  ]);
  const record = await bench.get(BUILT_IN.ConfigMap, namespace, 'deploy-actions.shop');
  expect(((record?.data ?? {}) as Record<string, string>)['record.json']).toContain('"verdict":"cancelled"');
});
test('a run that is out of time says what it waited for, and is put back within a time of its own', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  await writeFiles(job, { 'app.yaml': app({ image, env: { A: '1' } }) });
  await job.run('deploy-rollout', { manifests: 'app.yaml', namespace });
  const never =
    '          readinessProbe: { exec: { command: [sh, -c, "echo no database; exit 1"] }, periodSeconds: 1 }';
  await writeFiles(job, { 'app.yaml': app({ image, env: { A: '2' }, container: never }) });
  const result = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace, timeout: '6s' });
  expect(result.outputs, result.log).toMatchObject({
    outcome: 'timed-out',
    reason: 'probe-failing',
    resource: 'Deployment/api',
  });
  expect(result.log).toMatch(/timeout of 6 s ran out .*readiness probe of container api does not pass: no database/);
  expect(result.log).toContain('rolled back to revision 1, ready again after');
});
test('of two runs that write the same record the second is told so', async () => {
  const namespace = await bench.namespace();
  const signal = AbortSignal.timeout(20_000);
  const [mine, theirs] = await Promise.all([1, 2].map(() => readRecord(bench.client, namespace, 'shop', signal)));
  const entry: RecordEntry = {
    revision: 1,
    hash: 'sha256:0',
    verdict: 'deploying',
    images: [],
    at: new Date(0).toISOString(),
  };
  if (mine === undefined || theirs === undefined) throw new Error('both are read');
  const written = await writeRevision(bench.client, mine, entry, signal);
  await expect(writeRevision(bench.client, theirs, entry, signal)).rejects.toMatchObject({
    reason: 'locked',
    retryable: true,
  });
  const ended = await writeRevision(bench.client, written, { ...entry, verdict: 'succeeded' }, signal);
  await expect(writeRevision(bench.client, written, entry, signal)).rejects.toMatchObject({ reason: 'locked' });
  expect(ended.revisions).toMatchObject([{ revision: 1, verdict: 'succeeded' }]);
});

test('a failed run puts nothing back over another run that has deployed the release meanwhile', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  await writeFiles(job, { 'app.yaml': app({ image, env: { A: '1' } }) });
  await job.run('deploy-rollout', { manifests: 'app.yaml', namespace });
  const never = "          readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 }";
  await writeFiles(job, { 'app.yaml': app({ image, env: { A: '2' }, container: never }) });
  const running = job.run('deploy-rollout', { manifests: 'app.yaml', namespace, timeout: '15s' });
  const signal = AbortSignal.timeout(30_000);
  const read = () => readRecord(bench.client, namespace, 'shop', signal);
  await expect
    .poll(async () => (await read()).revisions.at(-1), { timeout: 15_000 })
    .toMatchObject({ revision: 2, verdict: 'deploying' });
  const theirs: RecordEntry = {
    revision: 3,
    hash: 'sha256:0',
    verdict: 'succeeded',
    images: [],
    at: new Date(0).toISOString(),
  };
  await writeRevision(bench.client, await read(), theirs, signal);
  const result = await running;
  expect(result.outputs, result.log).toMatchObject({ outcome: 'timed-out', reason: 'probe-failing' });
  expect(result.log).toContain('nothing is put back');
  expect((await deploymentOf(bench, namespace)).spec?.template.spec?.containers[0]?.env).toEqual([
    { name: 'A', value: '2' },
  ]);
  expect((await read()).revisions.at(-1)).toMatchObject({ revision: 3, verdict: 'succeeded' });
});
