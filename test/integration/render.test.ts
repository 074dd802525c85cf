import { readdir, readFile, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expectNoSecret, type Job, type StepResult, startJob } from '@deploy-actions/harness';
import { sharedSandbox } from '@deploy-actions/sandbox';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { sourceTree } from './actions-support.ts';
import { writeFiles } from './kubernetes-support.ts';

// render-manifests with the real kustomize; no cluster is asked.
const DIGEST = `sha256:${'c'.repeat(64)}`;
const API = `# The API.
apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  template:
    spec:
      containers:
        - name: api
          image: ghcr.io/acme/shop # pinned
`;
const REPORT = JSON.stringify({
  version: 1,
  images: { 'ghcr.io/acme/shop': { digest: DIGEST } },
  targets: {},
  backups: [],
  steps: [],
});

let sources: Awaited<ReturnType<typeof sourceTree>>;
let path: string;
const jobs: Job[] = [];

beforeAll(async () => {
  const { programs } = await sharedSandbox();
  path = [...(programs === null ? [] : [programs]), process.env.PATH].join(delimiter);
  sources = await sourceTree(['render-manifests']);
});
afterEach(async () => {
  for (const job of jobs.splice(0)) {
    await job.end();
    await job.remove();
  }
});
afterAll(() => sources.remove());

async function jobWith(files: Readonly<Record<string, string>>): Promise<Job> {
  const job = await startJob({ tree: sources.tree, env: { PATH: path } });
  jobs.push(job);
  await writeFiles(job, files);
  return job;
}

const rendered = async (job: Job, step: StepResult) =>
  await readFile(join(job.folders.workspace, step.outputs.manifests ?? ''), 'utf8');
const errorOf = (step: StepResult) => step.annotations.find((note) => note.level === 'error');

it('renders plain files with the images of the report, comments kept, readable to its user alone', async () => {
  const job = await jobWith({
    'k8s/api.yaml': API,
    'k8s/more/config.yml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: shop }\n',
    'report.json': REPORT,
  });
  const step = await job.run('render-manifests', { manifests: 'k8s', report: 'report.json' });
  expect(step).toMatchObject({
    exitCode: 0,
    outputs: {
      outcome: 'succeeded',
      manifests: '.deploy-actions/shop.yaml',
      manifestsBundle: '.deploy-actions/shop.yaml',
      images: `ghcr.io/acme/shop@${DIGEST}`,
    },
  });
  expect(await rendered(job, step)).toBe(
    `---\n# source: k8s/api.yaml:2\n${API.replace('acme/shop', `acme/shop@${DIGEST}`)}---\n# source: k8s/more/config.yml:1\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: shop }\n`,
  );
  expect((await stat(join(job.folders.workspace, '.deploy-actions/shop.yaml'))).mode & 0o777).toBe(0o600);
  const { targets } = JSON.parse(await readFile(step.outputs.report ?? '', 'utf8')) as { targets: unknown };
  expect(targets).toEqual({
    '/shop': { manifests: '.deploy-actions/shop.yaml', hash: step.outputs.hash, namespace: 'shop' },
  });
});

it('hashes the objects, not their layout', async () => {
  const job = await jobWith({
    'a.yaml': API,
    'b.json': JSON.stringify(parseAllDocuments(API)[0]),
    'c.yaml': API.replace('name: api }', 'name: other }'),
  });
  const [a, b, c] = [
    await job.run('render-manifests', { manifests: 'a.yaml' }),
    await job.run('render-manifests', { manifests: 'b.json' }),
    await job.run('render-manifests', { manifests: 'c.yaml' }),
  ];
  expect(a.outputs.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(b.outputs.hash).toBe(a.outputs.hash);
  expect(c.outputs.hash).not.toBe(a.outputs.hash);
});

const KUSTOMIZATION = {
  'k8s/base/api.yaml': API,
  'k8s/base/nginx.conf': 'proxy_set_header Host $http_host;\nserver_name ${HOST};\n',
  'k8s/base/kustomization.yaml':
    'resources: [api.yaml]\nconfigMapGenerator:\n  - { name: nginx, files: [nginx.conf] }\n',
  'k8s/overlays/staging/kustomization.yaml.template': `namespace: shop-\${ENVIRONMENT}
resources: [../../base]
replicas: [{ name: api, count: \${REPLICAS} }]
labels: [{ pairs: { commit: \${SHA} } }]
secretGenerator:
  - { name: database, literals: ["password=\${PASSWORD}"] }
`,
};

it('expands a kustomization outside of the workspace, builds it, and shows no secret', async () => {
  const secret = 'p4ss: "w0rd" #1';
  const job = await jobWith({ ...KUSTOMIZATION, 'report.json': REPORT });
  const step = await job.run(
    'render-manifests',
    {
      manifests: 'k8s/overlays/staging',
      report: 'report.json',
      variables: 'ENVIRONMENT=staging\nREPLICAS=3\nSHA=0123456\nPASSWORD',
    },
    { env: { PASSWORD: secret } },
  );
  expect(step).toMatchObject({ exitCode: 0, outputs: { outcome: 'succeeded' } });
  const text = await rendered(job, step);
  const objects = parseAllDocuments(text).map(
    (document) =>
      document.toJS() as {
        kind: string;
        metadata: { namespace: string; labels: object };
        spec: object;
        data: Record<string, string>;
      },
  );
  expect(objects.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
    ['ConfigMap', 'shop-staging'],
    ['Secret', 'shop-staging'],
    ['Deployment', 'shop-staging'],
  ]);
  expect(objects[0]?.data['nginx.conf']).toBe(KUSTOMIZATION['k8s/base/nginx.conf']);
  expect(Buffer.from(objects[1]?.data.password ?? '', 'base64').toString()).toBe(secret);
  expect(objects[2]).toMatchObject({
    metadata: { labels: { commit: '0123456' } },
    spec: { replicas: 3, template: { spec: { containers: [{ image: `ghcr.io/acme/shop@${DIGEST}` }] } } },
  });
  expect(text).toContain('# source: k8s/base/api.yaml:2\n');
  await job.end();
  expect((await readdir(job.folders.temp)).filter((name) => name.startsWith('deploy-actions-render'))).toEqual([]);
  await expectNoSecret(job, [secret]);
});

it('keeps two targets of one job apart', async () => {
  const job = await jobWith({ 'k8s/api.yaml': API });
  const one = await job.run('render-manifests', { manifests: 'k8s', namespace: 'shop-a' });
  const two = await job.run('render-manifests', { manifests: 'k8s', namespace: 'shop-b' });
  const again = await job.run('render-manifests', { manifests: 'k8s', namespace: 'shop-a' });
  expect([one, two, again].map((step) => step.outputs.manifests)).toEqual([
    '.deploy-actions/shop.yaml',
    '.deploy-actions/shop.shop-b.yaml',
    '.deploy-actions/shop.yaml',
  ]);
});

it('writes nothing on a dry run', async () => {
  const job = await jobWith({ 'k8s/api.yaml': API });
  const step = await job.run('render-manifests', { manifests: 'k8s', 'dry-run': 'true' });
  expect(step).toMatchObject({ exitCode: 0, outputs: { outcome: 'unchanged', manifests: '' } });
  expect(step.log).toContain('Deployment/api');
  expect(await readdir(job.folders.workspace)).toEqual(['k8s']);
});

it('lists the faults of all files together', async () => {
  const job = await jobWith({
    'k8s/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a\ndata: {}\n',
    'k8s/b.yaml': 'kind: ConfigMap\nmetadata: { name: b }\n',
    'k8s/c.yaml': 'apiVersion: v1\nkind: ConfigMap\n',
    'k8s/d.yaml': '- just\n- a list\n',
  });
  const step = await job.run('render-manifests', { manifests: 'k8s' });
  expect(step).toMatchObject({
    exitCode: 1,
    outputs: { outcome: 'failed', reason: 'invalid-manifest', manifests: '' },
  });
  expect(errorOf(step)).toMatchObject({ file: 'k8s/a.yaml' });
  for (const place of ['k8s/a.yaml:', 'k8s/b.yaml:1', 'k8s/c.yaml:1', 'k8s/d.yaml:1'])
    expect(errorOf(step)?.message).toContain(place);
});

it.each([
  ['a file that is not there', {}, { manifests: 'nope.yaml' }, 'error-input', /nope\.yaml/],
  ['a path that leads out', {}, { manifests: '../outside' }, 'error-input', /outside of the workspace/],
  ['a chart', { 'chart/Chart.yaml': 'name: x\n' }, { manifests: 'chart' }, 'error-input', /Helm chart/],
  [
    'no kustomization where one is asked for',
    { 'k8s/a.yaml': API },
    { manifests: 'k8s', 'render-engine': 'kustomize' },
    'error-input',
    /no kustomization/,
  ],
  [
    'a kustomization that lacks its base',
    { 'k8s/kustomization.yaml': 'resources: [gone.yaml]\n' },
    { manifests: 'k8s' },
    'invalid-manifest',
    /gone\.yaml/,
  ],
  [
    'a variable without a value',
    { 'k8s/a.yaml': `${API}# x\n---\n${API.replace('name: api }', 'name: ${NAME} }')}` },
    { manifests: 'k8s', variables: 'NAME' },
    'undefined-variable',
    /k8s\/a\.yaml:16: \$\{NAME\}/,
  ],
  [
    'an image that nothing uses',
    { 'k8s/a.yaml': API },
    { manifests: 'k8s', images: `ghcr.io/acme/other@${DIGEST}` },
    'image-unused',
    /they use ghcr\.io\/acme\/shop/,
  ],
  [
    'an object twice',
    { 'k8s/a.yaml': API, 'k8s/b.yaml': API },
    { manifests: 'k8s' },
    'invalid-manifest',
    /twice, first at k8s\/a\.yaml:2/,
  ],
  ['no object at all', { 'k8s/a.yaml': '# empty\n' }, { manifests: 'k8s' }, 'invalid-manifest', /no Kubernetes object/],
  [
    'a bomb of aliases',
    {
      'k8s/a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n`,
    },
    { manifests: 'k8s' },
    'invalid-manifest',
    /k8s\/a\.yaml/,
  ],
])('refuses %s', async (_, files, inputs, reason, words) => {
  const job = await jobWith(files as Record<string, string>);
  const step = await job.run('render-manifests', inputs as Record<string, string>);
  expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'failed', reason, manifests: '' } });
  expect(errorOf(step)?.message).toMatch(words);
  expect(await readdir(job.folders.workspace)).not.toContain('.deploy-actions');
});
