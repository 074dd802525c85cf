import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  Log,
  PortForward,
  type V1Status,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { clusterOf, type Sandbox, sharedSandbox } from '../src/index.ts';

const NAMESPACE = 'sandbox-cluster-test';
const LABELS = { app: 'web' };
const config = new KubeConfig();
let sandbox: Sandbox;
let core: CoreV1Api;

/** Pods as users have them: a server with a volume, and one that asks it. */
beforeAll(async () => {
  sandbox = await sharedSandbox();
  config.loadFromFile(clusterOf(sandbox, 'staging').kubeconfig);
  core = config.makeApiClient(CoreV1Api);
  await core.createNamespace({ body: { metadata: { name: NAMESPACE } } });
  await core.createNamespacedPersistentVolumeClaim({
    namespace: NAMESPACE,
    body: {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    },
  });
  await core.createNamespacedService({
    namespace: NAMESPACE,
    body: { metadata: { name: 'web' }, spec: { type: 'NodePort', selector: LABELS, ports: [{ port: 80 }] } },
  });
  await config.makeApiClient(AppsV1Api).createNamespacedDeployment({
    namespace: NAMESPACE,
    body: {
      metadata: { name: 'web' },
      spec: {
        replicas: 2,
        selector: { matchLabels: LABELS },
        template: {
          metadata: { labels: LABELS },
          spec: {
            containers: [
              {
                name: 'nginx',
                image: `${sandbox.registry}/nginx:1.22`,
                readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 1 },
                volumeMounts: [{ name: 'data', mountPath: '/data' }],
              },
            ],
            volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
          },
        },
      },
    },
  });
  await core.createNamespacedPod({
    namespace: NAMESPACE,
    body: {
      metadata: { name: 'client' },
      spec: {
        containers: [
          { name: 'node', image: `${sandbox.registry}/node:18-bookworm-slim`, command: ['sleep', 'infinity'] },
        ],
      },
    },
  });
  await vi.waitFor(async () => expect(await readyPods()).toBe(3), { timeout: 90_000, interval: 200 });
});

afterAll(async () => {
  await core?.deleteNamespace({ name: NAMESPACE });
});

describe('a cluster of a sandbox', () => {
  test('answers on the node port from the machine', async () => {
    const service = await core.readNamespacedService({ name: 'web', namespace: NAMESPACE });
    const port = service.spec?.ports?.[0]?.nodePort ?? 0;
    const { nodePorts } = clusterOf(sandbox, 'staging');
    expect(port).toBeGreaterThanOrEqual(nodePorts?.first ?? Infinity);
    expect(port).toBeLessThanOrEqual(nodePorts?.last ?? 0);
    // kube-proxy's rules follow the pods by a moment.
    await expect
      .poll(() =>
        fetch(`http://127.0.0.1:${port}/`).then(
          (answer) => answer.status,
          () => 0,
        ),
      )
      .toBe(200);
    const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(`http://127.0.0.1:${port}/`)));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 50 }, () => 200));
  });

  test('resolves and reaches Services by their names, and knows no names of the outside', async () => {
    const script = `
      const { lookup } = require('node:dns/promises');
      (async () => {
        const page = await (await fetch('http://web.${NAMESPACE}.svc.cluster.local')).text();
        const outside = await lookup('registry.example.com').catch((error) => error.code);
        console.log(JSON.stringify([page.includes('nginx is running'), outside]));
      })()`;
    expect(JSON.parse(await run('client', 'node', ['node', '-e', script]))).toEqual([true, 'ENOTFOUND']);
  });

  test('runs commands in containers and says how they ended', async () => {
    expect(await run('client', 'node', ['npm', '--version'])).toMatch(/^10\./);
    await expect(run('client', 'node', ['false'])).rejects.toThrow(/exit code 1/);
  });

  test('shows the logs of containers, those before a restart too', async () => {
    await core.createNamespacedPod({
      namespace: NAMESPACE,
      body: {
        metadata: { name: 'crash' },
        spec: {
          containers: [
            {
              name: 'node',
              image: `${sandbox.registry}/debian:bookworm-slim`,
              command: ['sh', '-c', 'echo before the end; exit 3'],
            },
          ],
        },
      },
    });
    const previous = () => logOf('crash', 'node', true).catch(() => '');
    await expect.poll(previous, { timeout: 30_000 }).toBe('before the end\n');
  });

  test('forwards ports', async () => {
    const [pod] = (await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: 'app=web' })).items;
    const [input, output] = [new PassThrough(), new PassThrough()];
    const answer = text(output);
    const socket = await new PortForward(config).portForward(
      NAMESPACE,
      pod?.metadata?.name ?? '',
      [80],
      output,
      null,
      input,
    );
    input.write('GET / HTTP/1.0\r\n\r\n');
    await sleep(500);
    output.end();
    expect(await answer).toContain('nginx is running');
    if ('close' in socket) {
      socket.close();
    }
  });

  test('binds volumes, and what one pod writes another reads', async () => {
    const claim = await core.readNamespacedPersistentVolumeClaim({ name: 'data', namespace: NAMESPACE });
    expect(claim.status?.phase).toBe('Bound');
    const pods = (await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: 'app=web' })).items;
    const [writer, reader] = pods.map((pod) => pod.metadata?.name ?? '');
    await run(writer ?? '', 'nginx', ['sh', '-c', 'echo kept > /data/file']);
    expect(await run(reader ?? '', 'nginx', ['cat', '/data/file'])).toBe('kept\n');
  });

  test('lets nobody do what no role allows', async () => {
    const token = await core.createNamespacedServiceAccountToken({
      name: 'default',
      namespace: NAMESPACE,
      body: { spec: { audiences: [] } },
    });
    const limited = new KubeConfig();
    limited.loadFromOptions({
      clusters: config.clusters,
      users: [{ name: 'limited', token: token.status?.token }],
      contexts: [{ name: 'limited', cluster: config.getCurrentCluster()?.name, user: 'limited' }],
      currentContext: 'limited',
    });
    const review = { resourceAttributes: { namespace: NAMESPACE, verb: 'get', resource: 'secrets' } };
    const answer = await limited
      .makeApiClient(AuthorizationV1Api)
      .createSelfSubjectAccessReview({ body: { spec: review } });
    expect(answer.status?.allowed).toBe(false);
    await expect(limited.makeApiClient(CoreV1Api).listNamespacedSecret({ namespace: NAMESPACE })).rejects.toThrow(
      /forbidden/,
    );
  });

  test('enforces the pod security that a namespace asks for', async () => {
    const name = `${NAMESPACE}-restricted`;
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await core.createNamespace({ body: { metadata: { name, labels } } });
    const pod = {
      metadata: { name: 'privileged' },
      spec: {
        containers: [
          { name: 'it', image: `${sandbox.registry}/debian:bookworm-slim`, securityContext: { privileged: true } },
        ],
      },
    };
    await expect(core.createNamespacedPod({ namespace: name, body: pod })).rejects.toThrow(/violates PodSecurity/);
    await core.deleteNamespace({ name });
  });

  test('is told from the other one by its kubeconfig', async () => {
    const other = new KubeConfig();
    other.loadFromFile(clusterOf(sandbox, 'production').kubeconfig);
    const { items } = await other.makeApiClient(CoreV1Api).listNamespace();
    expect(items.map((item) => item.metadata?.name)).not.toContain(NAMESPACE);
    await expect(other.makeApiClient(CoreV1Api).listNode()).resolves.toMatchObject({
      items: [{ metadata: { name: 'production-node' } }],
    });
  });
});

async function readyPods(): Promise<number> {
  const { items } = await core.listNamespacedPod({ namespace: NAMESPACE });
  return items.filter((pod) =>
    pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
  ).length;
}

/** Runs a command in a container and returns what it printed. @throws Error with the API server's word on how it ended. */
async function run(pod: string, container: string, command: string[]): Promise<string> {
  const [output, errors] = [new PassThrough(), new PassThrough()];
  const printed = text(output);
  const status = await new Promise<V1Status>((resolve, reject) => {
    new Exec(config).exec(NAMESPACE, pod, container, command, output, errors, null, false, resolve).catch(reject);
  });
  output.end();
  if (status.status !== 'Success') {
    throw new Error(status.message ?? 'the command failed');
  }
  return printed;
}

async function logOf(pod: string, container: string, previous: boolean): Promise<string> {
  const parts: string[] = [];
  const sink = new Writable({
    write(part: Buffer, _encoding, done) {
      parts.push(part.toString());
      done();
    },
  });
  const finished = new Promise((resolve) => sink.once('finish', resolve));
  await new Log(config).log(NAMESPACE, pod, container, sink, { previous });
  await finished;
  return parts.join('');
}
