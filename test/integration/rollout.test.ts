// deploy-rollout on a real cluster: what succeeds, and what is refused before anything changes.
import { findSecrets } from '@deploy-actions/harness';
import { BUILT_IN, rolloutManager } from '@deploy-actions/kubernetes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { app, configMap } from './kubernetes-app.ts';
import { type Bench, DEPLOYMENT, deploymentOf, openBench, writeFiles } from './kubernetes-support.ts';

let bench: Bench;
let image: string;
beforeAll(async () => {
  bench = await openBench();
  image = `${bench.registry}/debian:bookworm-slim`;
});
afterAll(() => bench.close());

test('a first deployment succeeds, a second run of the same writes nothing, a change is the next revision', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  await writeFiles(job, {
    'k8s/app.yaml': app({ image, replicas: 2, env: { COLOUR: 'blue' } }) + configMap('settings', { a: '1' }),
  });
  const first = await job.run('deploy-rollout', { manifests: 'k8s', namespace });
  expect(first.outputs).toMatchObject({
    outcome: 'succeeded',
    reason: '',
    revision: '1',
    'previous-revision': '',
    retryable: 'false',
  });
  const versions = async () =>
    (await Promise.all([DEPLOYMENT, BUILT_IN.ConfigMap].map((resource) => bench.list(resource, namespace))))
      .flat()
      .map((object) => `${object.metadata.name} ${object.metadata.generation ?? object.metadata.resourceVersion}`);
  const before = await versions();
  const second = await job.run('deploy-rollout', { manifests: 'k8s', namespace });
  expect(second.outputs).toMatchObject({ outcome: 'unchanged', revision: '1' });
  expect(await versions()).toEqual(before);
  await writeFiles(job, { 'k8s/app.yaml': app({ image, replicas: 2, env: { COLOUR: 'green' } }) });
  const third = await job.run('deploy-rollout', { manifests: 'k8s', namespace });
  expect(third.outputs).toMatchObject({ outcome: 'succeeded', revision: '2', 'previous-revision': '1' });
  expect(third.log).toContain('~ spec.template.spec.containers[api].env[COLOUR].value: "blue" → "green"');
});

test('a new namespace, its account, roles and objects come in one apply, and the address of the Ingress goes out', async () => {
  const job = await bench.job();
  const namespace = `made-${process.pid}`;
  bench.remove(namespace);
  await writeFiles(job, {
    'all.yaml': [
      app({ image, pod: '      serviceAccountName: reader' }).replace(
        'name: api,',
        `name: api, namespace: ${namespace},`,
      ),
      `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: reader, namespace: ${namespace} }`,
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: reader, namespace: ${namespace} }\nrules: [{ apiGroups: [''], resources: [pods], verbs: [list] }]`,
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: { name: reader, namespace: ${namespace} }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }\nsubjects: [{ kind: ServiceAccount, name: reader }]`,
      `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web, namespace: ${namespace} }\nspec: { tls: [{ hosts: [shop.example.com] }], rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: api, port: { number: 80 } } } }] } }] }`,
      `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }`,
    ].join('\n---\n'),
  });
  const result = await job.run('deploy-rollout', { manifests: 'all.yaml' });
  expect(result.outputs).toMatchObject({ outcome: 'succeeded', 'environment-url': 'https://shop.example.com' });
});

test('a dry run validates at the API server and changes nothing', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  await writeFiles(job, { 'app.yaml': app({ image }) });
  const dry = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace, 'dry-run': 'true' });
  expect(dry.outputs).toMatchObject({ outcome: 'unchanged', reason: '', revision: '' });
  expect(dry.log).toContain(`+ ${namespace}/Deployment/api`);
  expect(await bench.list(DEPLOYMENT, namespace)).toEqual([]);
  expect((await bench.list(BUILT_IN.ConfigMap, namespace)).map((map) => map.metadata.name)).toEqual([
    'kube-root-ca.crt',
  ]);

  await writeFiles(job, { 'app.yaml': app({ image }).replace('replicas: 1', 'replicsa: 1') });
  const wrong = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace, 'dry-run': 'true' });
  expect(wrong.outputs).toMatchObject({ outcome: 'failed', reason: 'invalid-manifest' });
  expect(wrong.annotations).toMatchObject([{ level: 'error', file: 'app.yaml', line: '5' }]);
  expect(wrong.log).toMatch(/spec\.replicsa/);
});
test('an object that kubectl applied is taken over: what the manifest no longer has goes', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  const old = app({ image, env: { OLD: '1', KEPT: '1' } });
  await bench.kubectlApply(namespace, old);
  await writeFiles(job, { 'app.yaml': app({ image, env: { KEPT: '2' } }) });
  const result = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace });
  expect(result.outputs).toMatchObject({ outcome: 'succeeded' });
  expect(result.log).toContain('takes over the fields of kubectl-client-side-apply');
  const live = await deploymentOf(bench, namespace);
  expect(live.spec?.template.spec?.containers[0]?.env).toEqual([{ name: 'KEPT', value: '2' }]);
  expect(live.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration']).toBeUndefined();
  expect(live.metadata.managedFields?.map((entry) => entry.manager)).toEqual(
    expect.arrayContaining([rolloutManager('shop')]),
  );
  const again = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace });
  expect(again.outputs).toMatchObject({ outcome: 'unchanged' });
});

test("another manager's field is named, and taken only by force", async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  await writeFiles(job, { 'app.yaml': app({ image, env: { A: '1' } }) });
  await job.run('deploy-rollout', { manifests: 'app.yaml', namespace });
  await bench.editAs('kubectl-edit', DEPLOYMENT, namespace, 'api', { spec: { replicas: 2 } });
  await writeFiles(job, { 'app.yaml': app({ image, env: { A: '2' } }) });
  const refused = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace });
  expect(refused.outputs).toMatchObject({ outcome: 'failed', reason: 'conflict' });
  expect(refused.log).toMatch(/\.spec\.replicas \(kubectl-edit\)/);
  expect((await deploymentOf(bench, namespace)).spec?.template.spec?.containers[0]?.env).toEqual([
    { name: 'A', value: '1' },
  ]);
  const forced = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace, 'force-conflicts': 'true' });
  expect(forced.outputs).toMatchObject({ outcome: 'succeeded' });
  expect((await deploymentOf(bench, namespace)).spec?.replicas).toBe(1);
});

test('what an autoscaler has set stays, though the manifest says otherwise', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  const autoscaler = `---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: api }\nspec: { minReplicas: 1, maxReplicas: 5, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: api } }\n`;
  await writeFiles(job, { 'app.yaml': app({ image, replicas: 2, env: { A: '1' } }) + autoscaler });
  await job.run('deploy-rollout', { manifests: 'app.yaml', namespace });
  await bench.scale(namespace, 'api', 3);
  await writeFiles(job, { 'app.yaml': app({ image, replicas: 2, env: { A: '2' } }) + autoscaler });
  const result = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace });
  expect(result.outputs).toMatchObject({ outcome: 'succeeded' });
  expect((await deploymentOf(bench, namespace)).spec?.replicas).toBe(3);
});

test('apply: false follows what another tool applied, and says why it fails', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  await writeFiles(job, { 'app.yaml': app({ image }) });
  const missing = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace, apply: 'false' });
  expect(missing.outputs).toMatchObject({ outcome: 'failed', reason: 'error-input' });
  await bench.kubectlApply(namespace, app({ image }));
  const good = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace, apply: 'false' });
  expect(good.outputs).toMatchObject({ outcome: 'unchanged', revision: '' });
  await bench.kubectlApply(namespace, app({ image, command: 'exit 7' }));
  const bad = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace, apply: 'false' });
  expect(bad.outputs).toMatchObject({ outcome: 'failed', reason: 'crash-loop', resource: 'Deployment/api' });
  expect((await deploymentOf(bench, namespace)).spec?.template.spec?.containers[0]?.command).toContain('exit 7');
});

test('values of Secrets are in no plan, log or evidence, and a Secret of sync-secrets is left alone', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job({ run: { event: { repository: { private: true } } } });
  const value = 'correct-horse-battery-staple';
  const secret = `---\napiVersion: v1\nkind: Secret\nmetadata: { name: keys }\nstringData: { PASSWORD: ${value} }\n`;
  const reveals = app({
    image,
    command: 'echo "the password is $PASSWORD"; exit 5',
    container: '          envFrom: [{ secretRef: { name: keys } }]',
  });
  await writeFiles(job, { 'app.yaml': reveals + secret });
  const result = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace });
  expect(result.outputs).toMatchObject({ outcome: 'failed', reason: 'crash-loop' });
  expect(result.log).toContain('the password is ***');
  expect(await findSecrets(job, [value])).toEqual([]);

  await job.run('sync-secrets', { namespace, 'secret-name': 'keys', 'string-data': '{ PASSWORD: real-value-of-it }' });
  await writeFiles(job, { 'app.yaml': app({ image }) + secret });
  const left = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace });
  expect(left.outputs).toMatchObject({ outcome: 'succeeded' });
  expect(left.log).toContain('left to sync-secrets');
  expect(await bench.secretValues(namespace, 'keys')).toEqual({ PASSWORD: 'real-value-of-it' });
});
test('a release whose gate failed is refused', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  await writeFiles(job, {
    'app.yaml': app({ image }),
    'report.json': JSON.stringify({
      version: 1,
      images: { 'ghcr.io/acme/api': { digest: `sha256:${'a'.repeat(64)}`, scan: 'vulnerable' } },
      targets: {},
      backups: [],
      steps: [],
    }),
  });
  const result = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace, report: 'report.json' });
  expect(result.outputs).toMatchObject({ outcome: 'failed', reason: 'gate-failed' });
  expect(await bench.list(DEPLOYMENT, namespace)).toEqual([]);
});
test('what runs is what was built: pinned by digest, and another digest is refused', async () => {
  const namespace = await bench.namespace();
  const job = await bench.job();
  const accept =
    'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
  const manifest = await fetch(`http://${bench.registry}/v2/debian/manifests/bookworm-slim`, {
    method: 'HEAD',
    headers: { accept },
  });
  const digest = manifest.headers.get('docker-content-digest') ?? '';
  const built = { [`${bench.registry}/debian`]: { digest } };
  const report = JSON.stringify({ version: 1, images: built, targets: {}, backups: [], steps: [] });
  await writeFiles(job, { 'report.json': report, 'app.yaml': app({ image: `${bench.registry}/debian:some-tag` }) });
  const good = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace, report: 'report.json' });
  expect(good.outputs, good.log).toMatchObject({ outcome: 'succeeded' });
  const container = (await deploymentOf(bench, namespace)).spec?.template.spec?.containers[0];
  expect(container?.image).toBe(`${bench.registry}/debian@${digest}`);

  const other = `${bench.registry}/debian@sha256:${'b'.repeat(64)}`;
  const mixed = await job.run('deploy-rollout', {
    manifests: 'app.yaml',
    namespace,
    report: 'report.json',
    images: other,
  });
  expect(mixed.outputs, mixed.log).toMatchObject({ outcome: 'failed', reason: 'digest-mismatch' });
  const unused = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace, images: 'ghcr.io/acme/other:1' });
  expect(unused.outputs, unused.log).toMatchObject({ outcome: 'failed', reason: 'image-unused' });
});
