import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNoSecret, type Job, type StepResult, startJob } from '@deploy-actions/harness';
import { buildContexts, type Sandbox, sharedSandbox } from '@deploy-actions/sandbox';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, faultyProxy, freePort, type Registry, sourceTree, startRegistry } from './actions-support.ts';
import { writeFiles } from './kubernetes-support.ts';

// build-and-push on a real registry and the buildah engine. On machines without all capabilities RUN needs chroot isolation.
const ENV = { BUILDAH_ISOLATION: 'chroot' };
const SHA = '4f2c7a9be01d3856c2ab7f90e1d4c83a5b6d7e8f';

let sandbox: Sandbox;
let registry: Registry;
let sources: Awaited<ReturnType<typeof sourceTree>>;
const jobs: Job[] = [];

beforeAll(async () => {
  sandbox = await sharedSandbox();
  registry = await startRegistry();
  sources = await sourceTree(['build-and-push']);
});
afterEach(async () => {
  for (const job of jobs.splice(0)) {
    await job.end();
    await job.remove();
  }
});
afterAll(async () => {
  await registry.stop();
  await sources.remove();
});

/** A job whose workspace has these files; from scratch and of no size unless told. */
async function jobWith(
  files: Readonly<Record<string, string>>,
  options: Partial<Parameters<typeof startJob>[0]> = {},
): Promise<Job> {
  const job = await startJob({ tree: sources.tree, ...options, env: { ...ENV, ...options.env } });
  jobs.push(job);
  await writeFiles(job, { 'hello.txt': `hello ${Math.random()}\n`, ...files });
  return job;
}

const SCRATCH = { Dockerfile: 'FROM scratch\nCOPY hello.txt /hello.txt\n' };
/** Steps that can run need a base with a shell: the sandbox's, under its public name. */
const withShell = (dockerfile: string) => ({ Dockerfile: `FROM debian:bookworm-slim\n${dockerfile}` });
const bases = () => ({ 'build-contexts': buildContexts(sandbox).join('\n') });

async function manifest(
  repository: string,
  reference: string,
): Promise<{
  digest: string | null;
  body: { manifests?: { digest: string; platform: { architecture: string } }[]; config?: { digest: string } };
}> {
  const answer = await fetch(`http://${registry.host}/v2/${repository}/manifests/${reference}`, {
    headers: { accept: 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json' },
  });
  return { digest: answer.headers.get('docker-content-digest'), body: (await answer.json()) as never };
}

async function config(
  repository: string,
  digest: string,
): Promise<{ architecture: string; config: { Labels: Record<string, string>; Env?: string[] } }> {
  return (await (await fetch(`http://${registry.host}/v2/${repository}/blobs/${digest}`)).json()) as never;
}

const reportOf = async (step: StepResult) =>
  JSON.parse(await readFile(step.outputs.report ?? '', 'utf8')) as { images: Record<string, unknown> };
const errorOf = (step: StepResult) => step.annotations.find((note) => note.level === 'error')?.message ?? '';

it('pushes an image and reports the digest that the registry has', async () => {
  const job = await jobWith(SCRATCH);
  const step = await job.run('build-and-push', {
    images: `${registry.host}/Acme/shop`,
    name: 'api',
    labels: 'team=shop',
  });
  expect(step).toMatchObject({ exitCode: 0, outputs: { outcome: 'succeeded', version: 'main' } });
  const stored = await manifest('acme/shop', 'main');
  expect(step.outputs).toMatchObject({
    digest: stored.digest,
    imageid: stored.body.config?.digest,
    'image-ref': `${registry.host}/acme/shop@${stored.digest}`,
    tags: `${registry.host}/acme/shop:main\n${registry.host}/acme/shop:sha-4f2c7a9`,
  });
  expect((await manifest('acme/shop', 'sha-4f2c7a9')).digest).toBe(stored.digest);
  const { config: running, architecture } = await config('acme/shop', stored.body.config?.digest ?? '');
  expect(running.Labels).toMatchObject({
    team: 'shop',
    'org.opencontainers.image.revision': SHA,
    'org.opencontainers.image.version': 'main',
  });
  expect((await reportOf(step)).images).toEqual({
    [`${registry.host}/acme/shop`]: {
      digest: stored.digest,
      platforms: { [`linux/${architecture}`]: stored.digest },
      version: 'main',
      tags: ['main', 'sha-4f2c7a9'],
      name: 'api',
    },
  });
});

it('builds a stage with arguments, a base from elsewhere and a secret that nobody sees', async () => {
  const secret = 'tr0ub4dor-and-3';
  const job = await jobWith(
    withShell(
      'ARG WHO\nENV WHO=$WHO\nRUN --mount=type=secret,id=token test "$(cat /run/secrets/token)" = "tr0ub4dor-""and-3"\nRUN --mount=type=secret,id=file test -s /run/secrets/file\nFROM scratch AS later\nCOPY nothing /\n'.replace(
        'FROM scratch',
        'FROM debian:bookworm-slim',
      ),
    ),
  );
  await writeFiles(job, { 'token.txt': 'another' });
  const dockerfile = await readFile(join(job.folders.workspace, 'Dockerfile'), 'utf8');
  await writeFiles(job, {
    'build/Dockerfile': dockerfile.replace('FROM debian:bookworm-slim', 'FROM debian:bookworm-slim AS first'),
  });
  const step = await job.run(
    'build-and-push',
    {
      ...bases(),
      images: `${registry.host}/acme/staged`,
      tags: 'v1',
      file: 'build/Dockerfile',
      target: 'first',
      'build-args': 'WHO=a=b',
      'secret-envs': 'token=TOKEN',
      'secret-files': 'file=token.txt',
    },
    { env: { TOKEN: secret } },
  );
  expect(step).toMatchObject({ exitCode: 0 });
  const { config: running } = await config('acme/staged', step.outputs.imageid ?? '');
  expect(running.Env).toContain('WHO=a=b');
  await job.end();
  await expectNoSecret(job, [secret]);
});

it('builds each platform for itself, also from scratch where the cache mixes them up', async () => {
  const job = await jobWith(SCRATCH);
  const inputs = { images: `${registry.host}/acme/multi`, tags: 'v1' };
  expect(await job.run('build-and-push', inputs)).toMatchObject({ exitCode: 0 });
  const step = await job.run('build-and-push', { ...inputs, platforms: 'linux/amd64,linux/arm64' });
  expect(step).toMatchObject({ exitCode: 0 });
  const index = await manifest('acme/multi', 'v1');
  expect(index.digest).toBe(step.outputs.digest);
  const architectures = await Promise.all(
    (index.body.manifests ?? []).map(async ({ digest, platform }) => {
      const { body } = await manifest('acme/multi', digest);
      return [platform.architecture, (await config('acme/multi', body.config?.digest ?? '')).architecture];
    }),
  );
  expect(architectures).toEqual([
    ['amd64', 'amd64'],
    ['arm64', 'arm64'],
  ]);
  expect((await reportOf(step)).images).toMatchObject({
    [`${registry.host}/acme/multi`]: {
      digest: index.digest,
      platforms: { 'linux/amd64': index.body.manifests?.[0]?.digest, 'linux/arm64': index.body.manifests?.[1]?.digest },
    },
  });
});

it('names the failing instruction, its line, its exit code and its last words', async () => {
  const job = await jobWith(withShell('RUN true\nRUN echo about to fail && \\\n    exit 3\n'));
  const step = await job.run('build-and-push', { ...bases(), images: `${registry.host}/acme/failing` });
  expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'failed', reason: 'build-failed', digest: '' } });
  expect(step.annotations.find((note) => note.level === 'error')).toMatchObject({ file: 'Dockerfile', line: '3' });
  expect(errorOf(step)).toMatch(/exit status 3/);
  expect(step.log).toContain('about to fail');
  expect((await reportOf(step)).images).toEqual({});
});

it.each([
  ['an unknown instruction', 'FROM scratch\nFRM x\n', 2, /Unknown instruction/],
  ['a file that is not there', 'FROM scratch\nCOPY nope /x\n', 2, /nope/],
  ['a stage that is not there', 'FROM scratch\nCOPY --from=nope /x /y\n', 2, /nope/],
])('finds the line of %s', async (_, dockerfile, line, words) => {
  const job = await jobWith({ Dockerfile: dockerfile });
  const step = await job.run('build-and-push', { images: `${registry.host}/acme/wrong` });
  expect(step.outputs.reason).toBe('build-failed');
  expect(step.annotations.find((note) => note.level === 'error')).toMatchObject({
    file: 'Dockerfile',
    line: String(line),
  });
  expect(errorOf(step)).toMatch(words);
});

it('says that a base image is out of reach, not that the build is broken', async () => {
  const job = await jobWith({ Dockerfile: `FROM localhost:${await freePort()}/nope:1\n` });
  const step = await job.run('build-and-push', { images: `${registry.host}/acme/baseless` });
  expect(step.outputs.reason).toBe('error-network');
  expect(errorOf(step)).toContain('base image');
});

it('reports every wrong input together and builds nothing', async () => {
  const job = await jobWith({});
  const step = await job.run('build-and-push', {
    images: 'Not An Image\nghcr.io/acme/shop:1.2',
    tags: 'type=shaa\ntype=raw,value={{actor}}',
    flavor: 'latest=perhaps',
    file: 'nope/Dockerfile',
    platforms: 'linux/vax',
    'cache-from': 'type=ram',
    'secret-envs': 'token=NO_SUCH_VARIABLE',
    provenance: 'maybe',
    username: 'ann',
  });
  expect(step).toMatchObject({ exitCode: 1, outputs: { reason: 'error-input' } });
  const message = errorOf(step);
  for (const input of [
    'images',
    'tags',
    'flavor',
    'file',
    'platforms',
    'cache-from',
    'secret-envs',
    'provenance',
    'password',
  ])
    expect(message).toContain(`${input}: `);
  expect(message).toContain('nothing was started');
});

it('tells what buildah cannot do', async () => {
  const job = await jobWith(SCRATCH);
  const step = await job.run('build-and-push', {
    images: `${registry.host}/acme/shop`,
    engine: 'buildah',
    load: 'true',
    provenance: 'mode=max',
    sbom: 'true',
    'cache-to': `type=local,dest=/tmp/x`,
    'cache-from': `${registry.host}/cache:tagged`,
  });
  expect(step.outputs.reason).toBe('error-input');
  for (const input of ['load', 'provenance', 'sbom', 'cache-to', 'cache-from'])
    expect(errorOf(step)).toContain(`${input}: buildah cannot`);
});

it('says which program is missing', async () => {
  const job = await jobWith(SCRATCH, { env: { PATH: '/nowhere' } });
  const step = await job.run('build-and-push', { images: `${registry.host}/acme/shop` });
  expect(step.outputs.reason).toBe('error-tool');
  expect(errorOf(step)).toMatch(/buildx.*buildah/);
});

it('plans and pushes nothing on a dry run', async () => {
  const job = await jobWith(SCRATCH);
  const step = await job.run('build-and-push', { images: `${registry.host}/acme/dry`, 'dry-run': 'true' });
  expect(step).toMatchObject({ exitCode: 0, outputs: { outcome: 'unchanged', digest: '' } });
  expect(step.log).toContain(`push ${registry.host}/acme/dry:main`);
  expect((await fetch(`http://${registry.host}/v2/acme/dry/tags/list`)).status).toBe(404);
});

it('leaves latest with the higher version', async () => {
  const release = async (tag: string) => {
    const job = await jobWith(SCRATCH, { run: { ref: `refs/tags/${tag}` } });
    return await job.run('build-and-push', {
      images: `${registry.host}/acme/versions`,
      tags: 'type=semver,pattern={{version}}',
    });
  };
  const two = await release('v2.0.0');
  const old = await release('v1.9.1');
  expect(two.outputs.tags).toContain(':latest');
  expect(old.outputs.tags).toBe(`${registry.host}/acme/versions:1.9.1`);
  expect(old.log).toContain('leave latest with 2.0.0');
  expect((await manifest('acme/versions', 'latest')).digest).toBe(two.outputs.digest);
});

it('builds an argument that an ENV keeps anew, where the cache would give its old value', async () => {
  const job = await jobWith({
    Dockerfile: 'FROM scratch\nARG VERSION\nENV VERSION=$VERSION\nCOPY hello.txt /\n',
    'hello.txt': 'hello\n',
  });
  for (const version of ['first', 'second']) {
    const built = await job.run('build-and-push', {
      images: `${registry.host}/acme/kept`,
      tags: version,
      'build-args': `VERSION=${version}`,
    });
    expect(built, built.log).toMatchObject({ exitCode: 0 });
    const { body } = await manifest('acme/kept', version);
    const image = await config('acme/kept', body.config?.digest ?? '');
    expect(image.config.Env).toContain(`VERSION=${version}`);
  }
});

it('keeps layers in a registry, and only warns where that fails', async () => {
  const job = await jobWith(SCRATCH);
  const cache = `type=registry,ref=${registry.host}/acme/layers`;
  const kept = await job.run('build-and-push', {
    images: `${registry.host}/acme/cached`,
    'cache-to': cache,
    'cache-from': cache,
  });
  expect(kept).toMatchObject({ exitCode: 0 });
  const { tags } = (await (await fetch(`http://${registry.host}/v2/acme/layers/tags/list`)).json()) as {
    tags: string[];
  };
  expect(tags.length).toBeGreaterThan(0);
  await writeFiles(job, { 'hello.txt': 'changed, so that there is a layer to keep\n' });
  const unkept = await job.run('build-and-push', {
    images: `${registry.host}/acme/cached`,
    'cache-to': `localhost:${await freePort()}/acme/layers`,
  });
  expect(unkept).toMatchObject({ exitCode: 0, outputs: { outcome: 'succeeded' } });
  expect(unkept.annotations.find((note) => note.level === 'warning')?.message).toContain('cache');
});

it('pushes again after passing faults without building again', async () => {
  let faults = 0;
  const proxy = await faultyProxy(registry, (method, url) =>
    method === 'PUT' && url.includes('/manifests/') && faults++ < 4 ? 503 : undefined,
  );
  const job = await jobWith(SCRATCH);
  const step = await job.run('build-and-push', { images: `${proxy.host}/acme/flaky`, tags: 'v1' });
  await proxy.stop();
  expect(step).toMatchObject({ exitCode: 0 });
  expect(faults).toBeGreaterThan(4);
  expect(step.log.match(/^STEP 1\//gm)).toHaveLength(1);
});

it('tells a refused push from a broken one', async () => {
  const proxy = await faultyProxy(registry, (method) => (method === 'POST' || method === 'PUT' ? 403 : undefined));
  const job = await jobWith(SCRATCH);
  const step = await job.run('build-and-push', { images: `${proxy.host}/acme/denied`, tags: 'v1' });
  await proxy.stop();
  expect(step).toMatchObject({ exitCode: 1, outputs: { reason: 'push-denied' } });
});

it('does not start building for a registry that is away', async () => {
  const job = await jobWith(SCRATCH);
  const step = await job.run('build-and-push', { images: `localhost:${await freePort()}/acme/shop`, timeout: '30s' });
  expect(step).toMatchObject({ exitCode: 1, outputs: { reason: 'error-network' } });
  expect(step.log).not.toContain('STEP 1');
});

it('signs in for this step only, and leaves nothing of it', async () => {
  const closed = await startRegistry({ closed: true });
  const job = await jobWith(SCRATCH, { secrets: [ACCOUNT.password] });
  const inputs = { images: `${closed.host}/acme/private`, tags: 'v1' };
  const anonymous = await job.run('build-and-push', inputs);
  expect(anonymous.outputs.reason).toBe('error-auth');
  expect(errorOf(anonymous)).toContain('anonymous');
  const wrong = await job.run('build-and-push', {
    ...inputs,
    username: ACCOUNT.username,
    password: 'stale-token-2024',
  });
  expect(wrong.outputs.reason).toBe('error-auth');
  expect(wrong.log).not.toContain('STEP 1');
  const right = await job.run('build-and-push', { ...inputs, ...ACCOUNT });
  expect(right).toMatchObject({ exitCode: 0, outputs: { outcome: 'succeeded' } });
  const later = await job.run('build-and-push', inputs);
  await job.end();
  await closed.stop();
  expect(later.outputs.reason).toBe('error-auth');
  expect((await readdir(job.folders.temp)).filter((name) => name.startsWith('deploy-actions-build'))).toEqual([]);
  await expectNoSecret(job, [
    ACCOUNT.password,
    'stale-token-2024',
    Buffer.from(`ann:${ACCOUNT.password}`).toString('base64'),
  ]);
});

it("uses docker's own login where none is given", async () => {
  const closed = await startRegistry({ closed: true });
  const job = await jobWith(SCRATCH, { secrets: [ACCOUNT.password] });
  const auth = Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64');
  await writeFiles(job, { '../docker/config.json': JSON.stringify({ auths: { [closed.host]: { auth } } }) });
  const step = await job.run(
    'build-and-push',
    { images: `${closed.host}/acme/private`, tags: 'v1' },
    { env: { DOCKER_CONFIG: join(job.folders.workspace, '../docker') } },
  );
  await closed.stop();
  expect(step).toMatchObject({ exitCode: 0 });
});

it('ends a cancelled build and cleans up', async () => {
  const job = await jobWith(withShell('RUN echo now-waiting && sleep 60\n'), { secrets: [ACCOUNT.password] });
  const step = await job.run(
    'build-and-push',
    { ...bases(), images: `${registry.host}/acme/cancelled`, ...ACCOUNT },
    { cancelWhen: /now-waiting$/ },
  );
  expect(step.outputs).toMatchObject({ outcome: 'cancelled', reason: 'cancelled' });
  const { leftRunning } = await job.end();
  expect(leftRunning).toEqual([]);
  expect((await readdir(job.folders.temp)).filter((name) => name.startsWith('deploy-actions-build'))).toEqual([]);
  expect(existsSync(join(job.folders.home, '.docker'))).toBe(false);
  await expectNoSecret(job, [ACCOUNT.password]);
});
