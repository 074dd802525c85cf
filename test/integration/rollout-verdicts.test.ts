// What dooms a rollout on a real cluster, each with the mended twin that must succeed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AppOptions, app } from './kubernetes-app.ts';
import { type Bench, openBench, readEvidence, writeFiles } from './kubernetes-support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const object = (text: string) => `---\n${text}\n`;
const configMap = (name: string, data: string) =>
  object(`apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: ${data}`);
/** The head of a program for a processor that no test runs on. */
const FOREIGN = Buffer.concat([
  Buffer.from('7f454c4602010100', 'hex'),
  Buffer.alloc(8),
  Buffer.from('0200f300', 'hex'),
  Buffer.alloc(44),
]);

interface Case {
  readonly name: string;
  readonly broken: Partial<AppOptions>;
  readonly mended?: Partial<AppOptions>;
  /** More objects, in both. */
  readonly more?: string;
  /** More objects that only the mended one has. */
  readonly mendedMore?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly container?: string;
  readonly says: RegExp;
  readonly exitCode?: number;
  /** A line of the manifest at which the annotation stands holds this. */
  readonly at?: string;
}

const CASES: readonly Case[] = [
  {
    name: 'an image that does not exist',
    broken: { image: 'REGISTRY/nope:1' },
    reason: 'image-not-found',
    says: /no such image in the registry/,
    at: 'image:',
  },
  {
    name: 'no valid image name',
    broken: { image: 'UPPER/Case:1' },
    reason: 'image-not-found',
    says: /no valid image name/,
    at: 'image:',
  },
  {
    name: 'a program that ends again and again',
    broken: { command: 'echo cannot reach the database; exit 3' },
    reason: 'crash-loop',
    container: 'api',
    says: /exit code 3/,
    exitCode: 3,
    at: 'name: api',
  },
  {
    name: 'a program that is not in the image',
    broken: { container: '          args: [x]', command: 'exec no-such-program' },
    reason: 'crash-loop',
    says: /exit code 127/,
  },
  {
    name: 'a program for another processor',
    broken: {
      pod: '      volumes: [{ name: foreign, configMap: { name: foreign, defaultMode: 0755 } }]',
      container: '          volumeMounts: [{ name: foreign, mountPath: /foreign }]',
      command: 'exec /foreign/program',
    },
    more: object(
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: foreign }\nbinaryData: { program: ${FOREIGN.toString('base64')} }`,
    ),
    reason: 'wrong-architecture',
    says: /processor/,
  },
  {
    name: 'an init container that fails',
    broken: { pod: '      initContainers: [{ name: migrate, image: IMAGE, command: [sh, -c, "exit 9"] }]' },
    mended: { pod: '      initContainers: [{ name: migrate, image: IMAGE, command: [sh, -c, "exit 0"] }]' },
    reason: 'crash-loop',
    container: 'migrate',
    says: /init container migrate ended 2 times \(exit code 9/,
    at: 'initContainers',
  },
  {
    name: 'more memory than the limit',
    broken: {
      container: '          resources: { limits: { memory: 24Mi } }',
      command: 'exec dd if=/dev/zero of=/dev/null bs=200M count=1',
    },
    reason: 'out-of-memory',
    says: /more memory than its limit of 24Mi/,
    at: 'memory',
  },
  {
    name: 'a ConfigMap that is missing',
    broken: { container: '          envFrom: [{ configMapRef: { name: settings } }]' },
    mended: { container: '          envFrom: [{ configMapRef: { name: settings } }]' },
    mendedMore: configMap('settings', '{ A: b }'),
    reason: 'config-missing',
    says: /configmap "settings" not found/,
  },
  {
    name: 'a key of a ConfigMap that is missing',
    broken: {
      container: '          env: [{ name: A, valueFrom: { configMapKeyRef: { name: settings, key: wrong } } }]',
    },
    mended: {
      container: '          env: [{ name: A, valueFrom: { configMapKeyRef: { name: settings, key: right } } }]',
    },
    more: configMap('settings', '{ right: b }'),
    reason: 'config-missing',
    says: /couldn't find key wrong/,
  },
  {
    name: 'a Secret that is missing as a volume',
    broken: {
      pod: '      volumes: [{ name: keys, secret: { secretName: keys } }]',
      container: '          volumeMounts: [{ name: keys, mountPath: /keys }]',
    },
    reason: 'config-missing',
    says: /secret "keys" not found/,
  },
  {
    name: 'a liveness probe that fails',
    broken: {
      container:
        '          readinessProbe: { exec: { command: ["false"] } }\n          livenessProbe: { exec: { command: ["false"] }, periodSeconds: 1, failureThreshold: 2 }',
    },
    mended: {
      container: '          livenessProbe: { exec: { command: ["true"] }, periodSeconds: 1, failureThreshold: 2 }',
    },
    reason: 'probe-failing',
    container: 'api',
    says: /liveness probe of container api does not pass/,
    at: 'livenessProbe',
  },
  {
    name: 'a readiness probe that never passes',
    broken: {
      spec: '  progressDeadlineSeconds: 6',
      container:
        '          readinessProbe: { exec: { command: [sh, -c, "echo no database; exit 1"] }, periodSeconds: 1 }',
    },
    mended: {
      spec: '  progressDeadlineSeconds: 6',
      container: '          readinessProbe: { exec: { command: ["true"] }, periodSeconds: 1 }',
    },
    reason: 'probe-failing',
    container: 'api',
    says: /readiness probe of container api does not pass: no database/,
    at: 'readinessProbe',
  },
  {
    name: 'more than any node has',
    broken: { container: '          resources: { requests: { cpu: "900" } }' },
    inputs: { 'unschedulable-timeout': '3s' },
    reason: 'unschedulable',
    says: /Insufficient cpu/,
  },
  {
    name: 'a quota that is used up',
    broken: { replicas: 3 },
    mended: { replicas: 2 },
    more: object('apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: few }\nspec: { hard: { pods: "2" } }'),
    reason: 'quota',
    says: /exceeded quota: few/,
  },
];

const SECONDS: Record<string, number> = {};
afterAll(() => console.table(SECONDS));

async function deploy(namespace: string, entry: Case, mended: boolean) {
  const job = await bench.job({ run: { event: { repository: { private: true } } } });
  const image = `${bench.registry}/debian:bookworm-slim`;
  const options = { image, ...(mended ? (entry.mended ?? {}) : entry.broken) };
  const text = app({ ...options, image: options.image.replace('REGISTRY', bench.registry) }).replaceAll('IMAGE', image);
  await writeFiles(job, { 'app.yaml': text + (entry.more ?? '') + (mended ? (entry.mendedMore ?? '') : '') });
  const begun = performance.now();
  const result = await job.run('deploy-rollout', { manifests: 'app.yaml', namespace, timeout: '60s', ...entry.inputs });
  return { job, result, text, seconds: (performance.now() - begun) / 1000 };
}

describe.each(CASES)('$name', (entry) => {
  let namespace: string;
  beforeAll(async () => {
    namespace = await bench.namespace();
  });

  test('fails by its reason', async () => {
    const { job, result, text, seconds } = await deploy(namespace, entry, false);
    SECONDS[entry.name] = Math.round(seconds * 10) / 10;
    expect(result.outputs, result.log).toMatchObject({
      outcome: 'failed',
      reason: entry.reason,
      resource: 'Deployment/api',
    });
    const errors = result.annotations.filter((note) => note.level === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(entry.says);
    expect(errors[0]?.file).toBe('app.yaml');
    if (entry.at !== undefined) expect(text.split('\n')[Number(errors[0]?.line) - 1]).toContain(entry.at);
    const report = JSON.parse(await readEvidence(job, '', 'report.json'));
    expect(report.steps.at(-1)).toMatchObject({
      reason: entry.reason,
      ...(entry.container && { container: entry.container }),
      ...(entry.exitCode && { exitCode: entry.exitCode }),
    });
  });

  test('succeeds when it is mended', async () => {
    const { result } = await deploy(namespace, entry, true);
    expect(result.outputs, result.log).toMatchObject({ outcome: 'succeeded', reason: '' });
  });
});
