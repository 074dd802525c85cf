// What heals by itself on a real cluster must not be called a failure; and workloads other than Deployments.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AppOptions, app } from './kubernetes-app.ts';
import { type Bench, openBench, writeFiles } from './kubernetes-support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const HEALING: readonly { readonly name: string; readonly program: Partial<AppOptions> }[] = [
  {
    name: 'a program that ends once and then runs',
    program: {
      pod: '      volumes: [{ name: state, emptyDir: {} }]',
      container: '          volumeMounts: [{ name: state, mountPath: /state }]',
      command: 'test -f /state/seen || { touch /state/seen; exit 1; }; exec sleep infinity',
    },
  },
  {
    name: 'a start slower than its readiness probe is patient',
    program: {
      container:
        '          readinessProbe: { exec: { command: [test, -f, /tmp/up] }, periodSeconds: 1, failureThreshold: 1 }',
      command: 'sleep 5; touch /tmp/up; exec sleep infinity',
    },
  },
  {
    name: 'an init container that waits for its turn',
    program: { pod: '      initContainers: [{ name: wait, image: IMAGE, command: [sh, -c, "sleep 3"] }]' },
  },
];

test.each(HEALING)('$name is no failure', async ({ program }) => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  const image = `${bench.registry}/debian:bookworm-slim`;
  await writeFiles(job, { 'app.yaml': app({ image, ...program }).replaceAll('IMAGE', image) });
  const result = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace });
  expect(result.outputs, result.log).toMatchObject({ outcome: 'succeeded', reason: '' });
});

test('a Job that ends without success fails the release, and one that succeeds does not', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  const manifest = (name: string, code: number) =>
    `apiVersion: batch/v1\nkind: Job\nmetadata: { name: ${name} }\nspec: { backoffLimit: 0, template: { spec: { restartPolicy: Never, containers: [{ name: migrate, image: ${bench.registry}/debian:bookworm-slim, command: [sh, -c, "exit ${code}"] }] } } }\n`;
  await writeFiles(job, { 'job.yaml': manifest('bad', 2) });
  const bad = await job.run('deploy-rollout', { manifests: 'job.yaml', namespace });
  expect(bad.outputs, bad.log).toMatchObject({ outcome: 'failed', reason: 'job-failed', resource: 'Job/bad' });
  expect(bad.log).toContain('exit code 2');
  await writeFiles(job, { 'job.yaml': manifest('good', 0) });
  const good = await job.run('deploy-rollout', { manifests: 'job.yaml', namespace });
  expect(good.outputs, good.log).toMatchObject({ outcome: 'succeeded' });
});

test('a StatefulSet stuck on a failed revision is freed when it is put back', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  const set = (command: string) =>
    app({ image: `${bench.registry}/debian:bookworm-slim`, name: 'store', replicas: 2, command })
      .replace('kind: Deployment', 'kind: StatefulSet')
      .replace('replicas: 2', 'replicas: 2\n  serviceName: store');
  await writeFiles(job, { 'set.yaml': set('exec sleep infinity') });
  const first = await job.run('deploy-rollout', { manifests: 'set.yaml', namespace });
  expect(first.outputs, first.log).toMatchObject({ outcome: 'succeeded' });
  await writeFiles(job, { 'set.yaml': set('exit 6') });
  const broken = await job.run('deploy-rollout', { manifests: 'set.yaml', namespace });
  expect(broken.outputs, broken.log).toMatchObject({
    outcome: 'failed',
    reason: 'crash-loop',
    resource: 'StatefulSet/store',
  });
  expect(broken.log).toContain('rolled back to revision 1, ready again after');
});
