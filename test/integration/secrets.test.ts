// sync-secrets on a real cluster: our keys are kept as given, other people's stay, and no value shows anywhere.

import { findSecrets } from '@deploy-actions/harness';
import { BUILT_IN, type KubeObject } from '@deploy-actions/kubernetes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, leastRules, openBench, writeFiles } from './kubernetes-support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const secretOf = (namespace: string, name: string) => bench.get(BUILT_IN.Secret, namespace, name);
const plain = (
  namespace: string,
  name: string,
  data: Record<string, string>,
  more: Record<string, unknown> = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace },
  stringData: data,
  ...more,
});

test('keys are made, changed and taken away; a second run of the same writes nothing', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  const values = { A: 'value "one" with # and ${X}', B: 'multi\nline\nvalue' };
  const first = await job.run('sync-secrets', {
    namespace,
    'secret-name': 'api',
    'string-data': JSON.stringify(values),
    data: '{ C: dGhyZWUtM2M= }',
  });
  expect(first.outputs).toMatchObject({ outcome: 'succeeded', 'secret-name': 'api', changed: 'true' });
  expect(await bench.secretValues(namespace, 'api')).toEqual({ ...values, C: 'three-3c' });
  expect((await secretOf(namespace, 'api'))?.type).toBe('Opaque');

  const version = (await secretOf(namespace, 'api'))?.metadata.resourceVersion;
  const same = await job.run('sync-secrets', {
    namespace,
    'secret-name': 'api',
    'string-data': JSON.stringify({ ...values, C: 'three-3c' }),
  });
  expect(same.outputs).toMatchObject({ outcome: 'unchanged', changed: 'false' });
  expect((await secretOf(namespace, 'api'))?.metadata.resourceVersion).toBe(version);

  await bench.editAs('someone', BUILT_IN.Secret, namespace, 'api', { data: { THEIRS: 'dGhlaXJz' } });
  const changed = await job.run('sync-secrets', {
    namespace,
    'secret-name': 'api',
    'string-data': '{ A: a-new-value }',
  });
  expect(changed.outputs).toMatchObject({ outcome: 'succeeded', changed: 'true' });
  expect(changed.log).toMatch(/- B/);
  expect(await bench.secretValues(namespace, 'api')).toEqual({ A: 'a-new-value', THEIRS: 'theirs' });
  expect(await findSecrets(job, [...Object.values(values), 'three-3c', 'a-new-value'])).toEqual([]);
});

test('several Secrets come in one step, from a file with variables', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  await writeFiles(job, {
    'secrets.yaml': 'api: { URL: "postgres://u:${PASSWORD}@db/x" }\nweb: { KEY: "$${literal}" }\n',
  });
  const result = await job.run(
    'sync-secrets',
    { namespace, secrets: 'secrets.yaml' },
    { env: { PASSWORD: 'hunter2hunter2' } },
  );
  expect(result.outputs).toMatchObject({ outcome: 'succeeded', 'secret-name': 'api,web' });
  expect(await bench.secretValues(namespace, 'api')).toEqual({ URL: 'postgres://u:hunter2hunter2@db/x' });
  expect(await bench.secretValues(namespace, 'web')).toEqual({ KEY: '${literal}' });
  expect(await findSecrets(job, ['hunter2hunter2', 'postgres://u:hunter2hunter2@db/x'])).toEqual([]);
});

test('an image pull secret is made of a registry, an account and its password', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  const registry = { 'container-registry-url': 'ghcr.io', 'container-registry-username': 'bot' };
  const result = await job.run('sync-secrets', {
    namespace,
    'secret-name': 'pull',
    ...registry,
    'container-registry-password': 's3cret-token',
  });
  expect(result.outputs).toMatchObject({ outcome: 'succeeded' });
  expect((await secretOf(namespace, 'pull'))?.type).toBe('kubernetes.io/dockerconfigjson');
  const { '.dockerconfigjson': config = '' } = await bench.secretValues(namespace, 'pull');
  expect(JSON.parse(config)).toEqual({
    auths: {
      'ghcr.io': {
        username: 'bot',
        password: 's3cret-token',
        auth: Buffer.from('bot:s3cret-token').toString('base64'),
      },
    },
  });
  const half = await job.run('sync-secrets', { namespace, 'secret-name': 'pull', ...registry });
  expect(half.outputs).toMatchObject({ outcome: 'failed', reason: 'error-input' });
  expect(half.log).toContain('container-registry-password');
  expect(await findSecrets(job, ['s3cret-token', `bot:s3cret-token`])).toEqual([]);
});

test('a Secret that kubectl made keeps the keys that are not given', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  await bench.create(BUILT_IN.Secret, plain(namespace, 'api', { A: 'old-a', B: 'old-b' }), 'kubectl-create');
  const result = await job.run('sync-secrets', { namespace, 'secret-name': 'api', 'string-data': '{ A: new-a }' });
  expect(result.outputs).toMatchObject({ outcome: 'succeeded' });
  expect(await bench.secretValues(namespace, 'api')).toEqual({ A: 'new-a', B: 'old-b' });
});

test("another type, an immutable Secret and a controller's key are refused, and nothing is changed", async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  await bench.create(BUILT_IN.Secret, plain(namespace, 'typed', { A: 'old' }, { type: 'example.com/own' }));
  await bench.create(BUILT_IN.Secret, plain(namespace, 'fixed', { A: 'old' }, { immutable: true }));
  await bench.create(BUILT_IN.Secret, plain(namespace, 'theirs', { A: 'old' }), 'external-secrets');
  const cases = { typed: 'type-changed', fixed: 'immutable', theirs: 'conflict' };
  for (const [name, reason] of Object.entries(cases)) {
    const result = await job.run('sync-secrets', { namespace, 'secret-name': name, 'string-data': '{ A: new }' });
    expect(result.outputs, result.log).toMatchObject({ outcome: 'failed', reason, changed: '' });
    expect(await bench.secretValues(namespace, name)).toEqual({ A: 'old' });
  }
  const kept = await job.run('sync-secrets', { namespace, 'secret-name': 'fixed', 'string-data': '{ A: old }' });
  expect(kept.outputs.outcome, kept.log).not.toBe('failed');
});

test('a dry run changes nothing, and bad inputs are told together', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  const dry = await job.run('sync-secrets', {
    namespace,
    'secret-name': 'api',
    'string-data': '{ A: b }',
    'dry-run': 'true',
  });
  expect(dry.outputs).toMatchObject({ outcome: 'unchanged', changed: 'false' });
  expect(await secretOf(namespace, 'api')).toBeUndefined();
  const bad = await job.run('sync-secrets', { namespace, 'secret-name': 'Not_A_Name', data: '{ A: "no base64!" }' });
  expect(bad.outputs).toMatchObject({ outcome: 'failed', reason: 'error-input' });
  expect(bad.log).toContain('secret-name: "Not_A_Name"');
  expect(bad.log).toContain('data: the value of "A" is no base64');
  expect(bad.log).not.toContain('no base64!');
});

test('on a first deployment the namespace comes from the manifests that are rendered already', async () => {
  const job = await bench.job();
  const namespace = `fresh-${process.pid}`;
  bench.remove(namespace);
  const without = await job.run('sync-secrets', { namespace, 'secret-name': 'api', 'string-data': '{ A: b }' });
  expect(without.outputs).toMatchObject({ outcome: 'failed', reason: 'error-input' });
  expect(without.log).toContain(`the namespace "${namespace}" does not exist`);
  await writeFiles(job, {
    'rendered.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace}, labels: { team: shop } }\n`,
    'report.json': JSON.stringify({
      version: 1,
      images: {},
      targets: { [`staging/${namespace}`]: { manifests: 'rendered.yaml', namespace } },
      backups: [],
      steps: [],
    }),
  });
  const result = await job.run('sync-secrets', {
    'secret-name': 'api',
    'string-data': '{ A: b }',
    report: 'report.json',
  });
  expect(result.outputs, result.log).toMatchObject({ outcome: 'succeeded' });
  expect((await bench.get(BUILT_IN.Namespace, '', namespace))?.metadata.labels?.team).toBe('shop');
  expect(await bench.secretValues(namespace, 'api')).toEqual({ A: 'b' });
});

test('the least Role of the README is enough to make and to change a Secret', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  const token = await bench.account(namespace, 'syncer', await leastRules('sync-secrets'));
  const kubeconfig = await bench.kubeconfigWith({ token });
  for (const value of ['first-value', 'second-value']) {
    const data = JSON.stringify({ A: value });
    const result = await job.run('sync-secrets', { namespace, kubeconfig, 'secret-name': 'api', 'string-data': data });
    expect(result.outputs, result.log).toMatchObject({ outcome: 'succeeded', changed: 'true' });
    expect(await bench.secretValues(namespace, 'api')).toEqual({ A: value });
  }
});
