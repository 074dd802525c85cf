import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';
import { expectNoSecret, type Job, type StepResult, startJob } from '@deploy-actions/harness';
import { type BuildKit, lines, startBuildKit } from '@deploy-actions/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, faultyProxy, freePort, type Registry, sourceTree, startRegistry } from './actions-support.ts';
import { writeFiles } from './kubernetes-support.ts';

// build-and-push on the buildx engine: a real BuildKit behind a remote builder. Compiling the two takes minutes, so `--full` alone.
const SCRATCH = { Dockerfile: 'FROM scratch\nCOPY hello.txt /hello.txt\n', 'hello.txt': 'hello\n' };

describe.runIf(process.env.DEPLOY_ACTIONS_FULL)('buildx', () => {
  let buildKit: BuildKit;
  let registry: Registry;
  let sources: Awaited<ReturnType<typeof sourceTree>>;
  const jobs: Job[] = [];

  beforeAll(async () => {
    buildKit = await startBuildKit(lines((line) => process.stderr.write(`${line}\n`)));
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
    await buildKit.stop();
    await sources.remove();
  });

  /** A job with a remote builder as its current one. */
  async function jobWith(files: Readonly<Record<string, string>>): Promise<Job> {
    const env = { PATH: [buildKit.programs, process.env.PATH].join(delimiter) };
    const job = await startJob({ tree: sources.tree, env, secrets: [ACCOUNT.password] });
    jobs.push(job);
    await promisify(execFile)('buildx', ['create', '--name', 'test', '--driver', 'remote', '--use', buildKit.address], {
      env: { ...env, HOME: job.folders.home },
    });
    await writeFiles(job, files);
    return job;
  }

  const build = (job: Job, inputs: Readonly<Record<string, string>>) =>
    job.run('build-and-push', { engine: 'buildx', tags: 'v1', ...inputs });
  const errorOf = (step: StepResult) => step.annotations.find((note) => note.level === 'error');

  it('pushes an index with provenance and reports its digest and its platforms', async () => {
    const job = await jobWith(SCRATCH);
    const step = await build(job, {
      images: `${registry.host}/acme/shop`,
      platforms: 'linux/amd64,linux/arm64',
      provenance: 'mode=max',
      annotations: 'index:team=shop',
    });
    expect(step).toMatchObject({ exitCode: 0, outputs: { outcome: 'succeeded' } });
    const answer = await fetch(`http://${registry.host}/v2/acme/shop/manifests/v1`, {
      headers: { accept: 'application/vnd.oci.image.index.v1+json' },
    });
    expect(answer.headers.get('docker-content-digest')).toBe(step.outputs.digest);
    const index = (await answer.json()) as {
      annotations: object;
      manifests: { digest: string; platform: { architecture: string }; annotations?: Record<string, string> }[];
    };
    expect(index.annotations).toEqual({ team: 'shop' });
    expect(
      index.manifests.filter(
        ({ annotations }) => annotations?.['vnd.docker.reference.type'] === 'attestation-manifest',
      ),
    ).toHaveLength(2);
    expect(index.manifests.map(({ platform }) => platform.architecture)).toEqual([
      'amd64',
      'arm64',
      'unknown',
      'unknown',
    ]);
    expect(JSON.parse(step.outputs.metadata ?? '')).toMatchObject({ 'containerimage.digest': step.outputs.digest });
  });

  it.each([
    ['a failing step', 'FROM scratch AS a\nCOPY hello.txt /\nFROM scratch\nRUN exit 3\n', 'build-failed', '4'],
    ['an unknown instruction', 'FROM scratch\nFRM x\n', 'build-failed', '2'],
    ['a file that is not there', 'FROM scratch\nCOPY nope /x\n', 'build-failed', '2'],
  ])('names the line of %s', async (_, dockerfile, reason, line) => {
    const step = await build(await jobWith({ ...SCRATCH, Dockerfile: dockerfile }), {
      images: `${registry.host}/acme/wrong`,
    });
    expect(step).toMatchObject({ exitCode: 1, outputs: { reason } });
    expect(errorOf(step)).toMatchObject({ file: 'Dockerfile', line });
  });

  it('says that a base image is out of reach', async () => {
    const step = await build(await jobWith({ Dockerfile: `FROM localhost:${await freePort()}/nope:1\n` }), {
      images: `${registry.host}/acme/baseless`,
    });
    expect(step.outputs.reason).toBe('error-network');
  });

  it('only warns where the cache cannot be kept', async () => {
    const step = await build(await jobWith({ ...SCRATCH, 'hello.txt': `${Math.random()}` }), {
      images: `${registry.host}/acme/cached`,
      'cache-to': `type=registry,ref=localhost:${await freePort()}/x`,
    });
    expect(step).toMatchObject({ exitCode: 0 });
    expect(step.annotations.find((note) => note.level === 'warning')?.message).toContain(
      'the layer cache could not be saved',
    );
  });

  it('pushes again after passing faults, and tells a refused push', async () => {
    let faults = 0;
    const flaky = await faultyProxy(registry, (method, url) =>
      method === 'PUT' && url.includes('/manifests/') && faults++ < 6 ? 503 : undefined,
    );
    const passed = await build(await jobWith(SCRATCH), { images: `${flaky.host}/acme/flaky` });
    await flaky.stop();
    expect(passed).toMatchObject({ exitCode: 0 });
    const refusing = await faultyProxy(registry, (method) => (method === 'POST' || method === 'PUT' ? 403 : undefined));
    const denied = await build(await jobWith({ ...SCRATCH, 'hello.txt': `${Math.random()}` }), {
      images: `${refusing.host}/acme/denied`,
    });
    await refusing.stop();
    expect(denied).toMatchObject({ exitCode: 1, outputs: { reason: 'push-denied' } });
  });

  it('signs in for this step only, with the builders that were there', async () => {
    const closed = await startRegistry({ closed: true });
    const job = await jobWith(SCRATCH);
    const inputs = { images: `${closed.host}/acme/private` };
    expect(await build(job, { ...inputs, ...ACCOUNT })).toMatchObject({ exitCode: 0 });
    expect((await build(job, inputs)).outputs.reason).toBe('error-auth');
    await job.end();
    await closed.stop();
    await expectNoSecret(job, [ACCOUNT.password, Buffer.from(`ann:${ACCOUNT.password}`).toString('base64')]);
  });

  it('says so where no builder answers', async () => {
    const job = await jobWith(SCRATCH);
    const step = await build(job, { images: `${registry.host}/acme/shop`, builder: 'nope' });
    expect(step.outputs.reason).toBe('error-tool');
    expect(errorOf(step)?.message).toContain('no builder "nope"');
  });
});
