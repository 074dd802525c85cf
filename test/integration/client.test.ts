// Reaching a real cluster in every way that users have.
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import type { Job } from '@deploy-actions/harness';
import { BUILT_IN, openPortForward, watchObjects } from '@deploy-actions/kubernetes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { app } from './kubernetes-app.ts';
import { openSignIn, type SignIn } from './kubernetes-sign-in.ts';
import { type Bench, leastRules, writeFiles } from './kubernetes-support.ts';

let bench: Bench;
let namespace: string;
let job: Job;
let admin: string;
let signIn: SignIn;
beforeAll(async () => {
  signIn = await openSignIn();
  ({ bench, namespace, job, admin } = signIn);
});
afterAll(() => bench.close());

describe('ways to sign in', () => {
  test('content, content in base64, a path, and KUBECONFIG', async () => {
    await writeFiles(job, { 'cluster/kubeconfig': admin });
    for (const given of [
      admin,
      Buffer.from(admin).toString('base64'),
      'cluster/kubeconfig',
      path.join(job.folders.workspace, 'cluster/kubeconfig'),
    ]) {
      const result = await signIn.dryRun(given);
      expect(result.outputs, result.log).toMatchObject({ outcome: 'unchanged', reason: '' });
    }
    const other = await bench.job();
    await writeFiles(other, { 'map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: probe }\n' });
    const byEnv = await other.run('deploy-rollout', { manifests: 'map.yaml', namespace, 'dry-run': 'true' });
    expect(byEnv.outputs, byEnv.log).toMatchObject({ outcome: 'unchanged' });
  });

  test('a token, a file with a token, and a sign-in program', async () => {
    const token = await bench.account(namespace, 'signs-in', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
    const file = path.join(job.folders.temp, 'token');
    await writeFile(file, `${token}\n`);
    const program = path.join(job.folders.temp, 'sign-in');
    const script = `#!/bin/sh\ncase "$KUBERNETES_EXEC_INFO" in *ExecCredential*) ;; *) exit 1 ;; esac\nprintf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$(cat ${file})"\n`;
    await writeFile(program, script, { mode: 0o755 });
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: program, interactiveMode: 'Never' };
    for (const user of [{ token }, { tokenFile: file }, { exec }]) {
      const result = await signIn.dryRun(signIn.withUser(user));
      expect(result.outputs, result.log).toMatchObject({ outcome: 'unchanged', reason: '' });
      expect(result.rawLog).not.toContain(token);
    }
  });

  test('through the proxy that the kubeconfig names', async () => {
    const seen: string[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      seen.push(request.url ?? '');
      const [host = '', port = '443'] = (request.url ?? '').split(':');
      const upstream = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const config = signIn.changed((kubeconfig) => {
      for (const { cluster } of kubeconfig.clusters) cluster['proxy-url'] = `http://127.0.0.1:${port}`;
    });
    const result = await signIn.dryRun(config);
    expect(result.outputs, result.log).toMatchObject({ outcome: 'unchanged' });
    expect(seen.length).toBeGreaterThan(0);
    proxy.closeAllConnections();
    proxy.close();
  });

  test('the least Role of the README is enough to deploy, fail and go back', async () => {
    const kubeconfig = signIn.withUser({
      token: await bench.account(namespace, 'deployer', await leastRules('deploy-rollout')),
    });
    const image = `${bench.registry}/debian:bookworm-slim`;
    const settings = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { a: b }\n';
    await writeFiles(job, { 'least.yaml': app({ image }) + settings });
    const good = await job.run('deploy-rollout', {
      manifests: 'least.yaml',
      namespace,
      kubeconfig,
      'release-name': 'least',
    });
    expect(good.outputs, good.log).toMatchObject({ outcome: 'succeeded' });
    const more = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: more }\n';
    await writeFiles(job, { 'least.yaml': app({ image, command: 'exit 3' }) + settings + more });
    const bad = await job.run('deploy-rollout', {
      manifests: 'least.yaml',
      namespace,
      kubeconfig,
      'release-name': 'least',
    });
    expect(bad.outputs, bad.log).toMatchObject({ outcome: 'failed', reason: 'crash-loop' });
    expect(bad.log).toContain('rolled back to revision 1, ready again');
    expect(bad.annotations.filter((note) => note.level === 'warning')).toEqual([]);
  });
});

test('a port-forward reaches a Service by a ready pod', async () => {
  const image = `${bench.registry}/nginx:1.22`;
  const web = app({
    name: 'web',
    image,
    container:
      '          ports: [{ name: http, containerPort: 80 }]\n          readinessProbe: { tcpSocket: { port: http }, periodSeconds: 1 }',
  });
  const service =
    '---\napiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web }, ports: [{ port: 8080, targetPort: http }] }\n';
  await writeFiles(job, { 'web.yaml': web.replace(/\n +command: .*/, '') + service });
  const deployed = await job.run('deploy-rollout', {
    manifests: 'web.yaml',
    namespace,
    kubeconfig: admin,
    'release-name': 'web',
  });
  expect(deployed.outputs, deployed.log).toMatchObject({ outcome: 'succeeded' });
  const signal = AbortSignal.timeout(20_000);
  const forward = await openPortForward(bench.client, { namespace, service: 'web', port: 8080 }, signal);
  const answers = await Promise.all(
    Array.from({ length: 10 }, async () => (await fetch(`http://127.0.0.1:${forward.port}/`, { signal })).text()),
  );
  for (const answer of answers) expect(answer).toContain('nginx is running');
  await forward.close();
  await expect(openPortForward(bench.client, { namespace, service: 'nothing', port: 80 }, signal)).rejects.toThrow(
    /no Service "nothing"/,
  );
  await expect(openPortForward(bench.client, { namespace, service: 'web', port: 99 }, signal)).rejects.toThrow(
    /no port 99/,
  );
});

test('a watch tells what is there, each change, and goes on after its connection is cut', async () => {
  const stop = new AbortController();
  const told: string[] = [];
  const done = (async () => {
    for await (const change of watchObjects(bench.client, BUILT_IN.ConfigMap, namespace, stop.signal)) {
      told.push(change.type === 'listed' ? 'listed' : `${change.type} ${change.object.metadata.name}`);
      if (told.includes('changed second')) stop.abort();
    }
  })();
  const make = (name: string) =>
    bench.create(BUILT_IN.ConfigMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } });
  await expect.poll(() => told).toContain('listed');
  await make('first');
  await expect.poll(() => told).toContain('changed first');
  // All connections of the client: the watch has to find its way back and to where it was.
  await bench.client.close();
  await make('second');
  await done;
  expect(told).toEqual(['listed', 'changed first', 'changed second']);
});
