import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expectNoSecret, type Job, type StepResult, startJob } from '@deploy-actions/harness';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { freePort, serve, sourceTree } from './actions-support.ts';
import { type Bench, openBench } from './kubernetes-support.ts';

// smoke-test against real servers on loopback, and against a Service inside of the sandbox's cluster.
const COMMIT = '4f2c7a9be01d3856c2ab7f90e1d4c83a5b6d7e8f';
const QUICK = { 'retry-delay': '100ms', timeout: '20s' };

let sources: Awaited<ReturnType<typeof sourceTree>>;
const jobs: Job[] = [];
const servers: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  sources = await sourceTree(['smoke-test']);
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  for (const job of jobs.splice(0)) {
    await job.end();
    await job.remove();
  }
});
afterAll(() => sources.remove());

async function newJob(options: Partial<Parameters<typeof startJob>[0]> = {}): Promise<Job> {
  const job = await startJob({ tree: sources.tree, ...options });
  jobs.push(job);
  return job;
}

async function served(answer: Parameters<typeof serve>[0], address?: string): Promise<string> {
  const server = await serve(answer, address);
  servers.push(server);
  return `http://localhost:${server.port}`;
}

const errorOf = (step: StepResult) => step.annotations.find((note) => note.level === 'error')?.message ?? '';
const checksOf = async (step: StepResult) =>
  JSON.parse(await readFile(step.outputs.json ?? '', 'utf8')) as {
    checks: { name: string; attempts: number; passed: boolean; status?: number }[];
    thresholds: { threshold: string; value: number | null }[];
  };

it('waits until an address has answered three times in a row', async () => {
  const statuses = [503, 200, 500, 200, 200, 200];
  let asked = 0;
  const url = await served((_, response) => response.writeHead(statuses[asked++] ?? 200).end());
  const step = await (await newJob()).run('smoke-test', { ...QUICK, url });
  expect(step).toMatchObject({ exitCode: 0, outputs: { outcome: 'succeeded', passed: '1', failed: '0' } });
  expect(asked).toBe(6);
  expect((await checksOf(step)).checks).toMatchObject([{ attempts: 6, passed: true, status: 200 }]);
  expect(Number(step.outputs.p95)).toBeGreaterThan(0);
});

it('finds localhost on IPv6 alone, and a port that only takes connections', async () => {
  const url = await served((_, response) => response.end('hi'), '::1');
  const checks = `- { url: ${url}, contains: hi }\n- { tcp: "${url.replace('http://', '')}" }`;
  expect(await (await newJob()).run('smoke-test', { ...QUICK, checks })).toMatchObject({
    exitCode: 0,
    outputs: { passed: '2' },
  });
});

it('says what did not hold, and leaves the evidence', async () => {
  const url = await served((_, response) =>
    response.setHeader('x-app', 'old').end('{"status":"down","commit":"0000000"}'),
  );
  const job = await newJob();
  const step = await job.run('smoke-test', {
    ...QUICK,
    'max-attempts': '2',
    url,
    checks: `- { name: health, url: "${url}/health", jsonpath: { $.status: ok }, header: { x-app: new } }\n- { name: version, url: "${url}/v", version: { jsonpath: $.commit } }`,
  });
  expect(step).toMatchObject({
    exitCode: 1,
    outputs: { outcome: 'failed', reason: 'check-failed', passed: '1', failed: '2' },
  });
  expect(errorOf(step)).toContain('after 2 tries');
  expect(step.summary).toContain('$.status is "down", not "ok"; the header x-app is "old", without "new"');
  expect(step.summary).toContain(`"0000000" answers, not commit ${COMMIT.slice(0, 12)}`);
  const junit = await readFile(step.outputs.junit ?? '', 'utf8');
  expect(junit).toContain('<testsuite name="checks" tests="3" failures="2" errors="0">');
  expect(junit).toContain('type="version-mismatch"');
});

it('holds the version against this release', async () => {
  const url = await served((_, response) => response.end(`{"commit":"${COMMIT.slice(0, 8)}"}`));
  const job = await newJob();
  const checks = `- { url: "${url}", version: { jsonpath: $.commit } }`;
  expect(await job.run('smoke-test', { ...QUICK, checks })).toMatchObject({ exitCode: 0 });
  const other = await newJob({ run: { sha: 'f'.repeat(40) } });
  const step = await other.run('smoke-test', { ...QUICK, checks, 'max-attempts': '1' });
  expect(step.outputs.reason).toBe('version-mismatch');
});

it('goes on until the time is over, and still says why', async () => {
  const port = await freePort();
  const step = await (await newJob()).run('smoke-test', {
    url: `http://127.0.0.1:${port}`,
    'retry-delay': '200ms',
    timeout: '2s',
  });
  expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'failed', reason: 'check-failed' } });
  expect(errorOf(step)).toContain('nothing listens there');
  expect((await checksOf(step)).checks[0]?.attempts).toBeGreaterThan(3);
});

it('cannot tell where a name does not resolve', async () => {
  const step = await (await newJob()).run('smoke-test', {
    ...QUICK,
    url: 'http://no-such-host.invalid/',
    'max-attempts': '1',
  });
  expect(step).toMatchObject({ exitCode: 1, outputs: { reason: 'error-network' } });
});

it('follows redirects where told to', async () => {
  const url = await served((request, response) =>
    request.url === '/' ? response.writeHead(302, { location: '/there' }).end() : response.end(),
  );
  const job = await newJob();
  expect(await job.run('smoke-test', { ...QUICK, url, 'max-attempts': '1' })).toMatchObject({ exitCode: 1 });
  expect(await job.run('smoke-test', { ...QUICK, url, 'follow-redirect': 'true' })).toMatchObject({ exitCode: 0 });
});

it('sends secret headers and shows them nowhere, not even where the server says them back', async () => {
  const secret = 'sesame-0pen-now';
  const url = await served((request, response) =>
    response
      .writeHead(request.headers.authorization === `Bearer ${secret}` ? 418 : 401)
      .end(`you said ${request.headers.authorization}`),
  );
  const job = await newJob();
  const step = await job.run('smoke-test', {
    ...QUICK,
    headers: `Authorization: Bearer ${secret}`,
    checks: `- { url: "${url}/?q=x", method: POST, body: hello, status: 200 }`,
    'max-attempts': '1',
  });
  expect(errorOf(step)).toContain('the status is 418');
  expect(step.log).toContain('you said ***');
  await job.end();
  await expectNoSecret(job, [secret]);
});

it('measures against thresholds', async () => {
  let asked = 0;
  const url = await served((_, response) => {
    asked += 1;
    response.writeHead(asked > 3 && asked % 10 === 0 ? 500 : 200).end();
  });
  const job = await newJob();
  const step = await job.run('smoke-test', {
    ...QUICK,
    url,
    thresholds: 'p(95)<2000\nrate<0.01',
    iterations: '60',
    vus: '4',
  });
  expect(asked).toBe(63);
  expect(step).toMatchObject({ exitCode: 1, outputs: { reason: 'check-failed', passed: '2', failed: '1' } });
  expect(errorOf(step)).toContain('rate<0.01 is 0.1');
  expect(
    await job.run('smoke-test', { ...QUICK, url, thresholds: 'p(95)<2000\nrate<0.5', iterations: '20' }),
  ).toMatchObject({ exitCode: 0 });
});

it('takes no sample for a failure', async () => {
  let asked = 0;
  // It answers the waiting, and then no more.
  const url = await served((_, response) => {
    if (asked++ < 3) response.end();
  });
  const step = await (await newJob()).run('smoke-test', {
    url,
    'retry-delay': '10ms',
    thresholds: 'p(95)<500',
    timeout: '2s',
  });
  expect(step).toMatchObject({ exitCode: 1, outputs: { reason: 'no-samples' } });
  expect((await checksOf(step)).thresholds).toEqual([{ threshold: 'p(95)<500', value: null, passed: false }]);
});

it('looks at the days a certificate has left', async () => {
  const job = await newJob();
  const folder = job.folders.home;
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  await promisify(execFile)(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '10',
      '-keyout',
      'key.pem',
      '-out',
      'cert.pem',
      ...subject,
    ],
    { cwd: folder },
  );
  const [key, cert] = await Promise.all(['key.pem', 'cert.pem'].map((name) => readFile(join(folder, name))));
  const server = createServer({ key: key ?? '', cert: cert ?? '' }, (_, response) => response.end()).listen(
    0,
    '127.0.0.1',
  );
  servers.push({ stop: async () => void server.close() });
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
  const trusted = { env: { NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem') } };
  expect(
    await job.run('smoke-test', { ...QUICK, checks: `- { url: "${url}", certificate-days: 7 }` }, trusted),
  ).toMatchObject({ exitCode: 0 });
  const step = await job.run(
    'smoke-test',
    { ...QUICK, checks: `- { name: page, url: "${url}", certificate-days: 14 }` },
    trusted,
  );
  expect(step).toMatchObject({ exitCode: 1, outputs: { reason: 'certificate-expiring' } });
  expect(errorOf(step)).toMatch(/ends in [89] days .* after 1 try/);
  const unknown = await job.run('smoke-test', { ...QUICK, url, 'max-attempts': '1' });
  expect(unknown).toMatchObject({ exitCode: 1, outputs: { reason: 'error-network' } });
});

it('reports every wrong input together and asks nothing', async () => {
  let asked = 0;
  const url = await served((_, response) => {
    asked += 1;
    response.end();
  });
  const step = await (await newJob()).run('smoke-test', {
    url: `${url}\nnot an address\nhttp://api.svc/health`,
    headers: 'no-colon-here',
    thresholds: 'p95<500',
  });
  expect(step).toMatchObject({ exitCode: 1, outputs: { reason: 'error-input' } });
  for (const input of ['url: ', 'headers: ', 'thresholds: ']) expect(errorOf(step)).toContain(input);
  expect(errorOf(step)).not.toContain('no-colon-here');
  expect(asked).toBe(0);
});

it('asks nothing on a dry run', async () => {
  const step = await (await newJob()).run('smoke-test', { url: 'http://shop.example.com/health', 'dry-run': 'true' });
  expect(step).toMatchObject({ exitCode: 0, outputs: { outcome: 'unchanged' } });
  expect(step.log).toContain('ask http://shop.example.com/health until it holds 3 times in a row');
});

it('ends a cancelled test at once', async () => {
  const url = await served((_, response) => response.writeHead(503).end());
  const job = await newJob();
  const running = job.start('smoke-test', { url, 'retry-delay': '1m' });
  await expect.poll(() => servers.length).toBe(1);
  setTimeout(() => running.cancel(), 2000);
  expect((await running.done).outputs).toMatchObject({ outcome: 'cancelled', reason: 'cancelled' });
});

it('reaches a Service inside of the cluster', async () => {
  const bench: Bench = await openBench();
  try {
    const namespace = await bench.namespace();
    const job = await newJob({ env: { KUBECONFIG: bench.kubeconfig } });
    const labels = { app: 'web' };
    await bench.create(
      { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web', namespace, labels },
        spec: {
          containers: [
            {
              name: 'web',
              image: `${bench.registry}/nginx:1.22`,
              readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 },
            },
          ],
        },
      },
    );
    await bench.create(
      { apiVersion: 'v1', kind: 'Service', plural: 'services', namespaced: true },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web', namespace },
        spec: { selector: labels, ports: [{ port: 8080, targetPort: 80 }] },
      },
    );
    const step = await job.run('smoke-test', {
      checks: `- { url: "http://web.${namespace}.svc:8080/", header: { server: nginx } }\n- { tcp: "web.${namespace}.svc.cluster.local:8080" }`,
      'retry-delay': '500ms',
      timeout: '60s',
    });
    expect(step).toMatchObject({ exitCode: 0, outputs: { outcome: 'succeeded', passed: '2' } });
    await job.end();
  } finally {
    await bench.close();
  }
});
