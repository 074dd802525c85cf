import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BROKEN_PATCH,
  ENVIRONMENTS,
  type EnvironmentName,
  environmentSecrets,
  jobOf,
  outputsOf,
  Prober,
  prepareScene,
  productionTargets,
  type Scene,
  type Shipping,
  ship,
  Witness,
  type WorkflowRun,
} from '@deploy-actions/demo';
import { clusterOf, sharedSandbox, silent } from '@deploy-actions/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtImages, digestInRegistry, filesBelow, formsOf, tagsInRegistry } from './support.ts';

// A user's own workflow, run by act as GitHub would, over the assembled release tree, onto two real clusters. The tests follow
// one repository through its life, so each stands on those before it.
const WORKLOADS = ['whooper-backend', 'whooper-frontend'] as const;
const OWN_STEPS = { 'whooper-backend': 'Build the backend', 'whooper-frontend': 'Build the frontend' };

let folder: string;
let scene: Scene;
let good: string;
let runs: WorkflowRun[];
let witnesses: Record<EnvironmentName, Witness>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploy-actions-e2e-'));
  scene = await prepareScene(sharedSandbox(), folder, silent);
  runs = [];
  witnesses = {
    staging: new Witness(clusterOf(scene.sandbox, 'staging')),
    production: new Witness(clusterOf(scene.sandbox, 'production')),
  };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(shipping: Shipping): Promise<WorkflowRun> {
  const ended = await ship(scene, shipping);
  runs.push(ended);
  return ended;
}

/** The images that the cluster's specs name and those of the ready pods, without repetition. */
async function deployed(
  environment: EnvironmentName,
): Promise<Record<string, { spec: string; ready: readonly string[] }>> {
  const { namespace } = ENVIRONMENTS[environment];
  const of = async (name: string) => {
    const { image, readyImages } = await witnesses[environment].workload(namespace, name);
    return [name, { spec: image, ready: [...new Set(readyImages)] }] as const;
  };
  return Object.fromEntries(await Promise.all(WORKLOADS.map(of)));
}

/** That exactly these images run, each in its Deployment and in every ready pod. */
async function expectDeployed(environment: EnvironmentName, images: Record<string, string>): Promise<void> {
  const expected = Object.entries(images).map(([name, image]) => [name, { spec: image, ready: [image] }]);
  expect(await deployed(environment)).toEqual(Object.fromEntries(expected));
}

async function answerOf(environment: EnvironmentName): Promise<unknown> {
  const address = await witnesses[environment].address(ENVIRONMENTS[environment].namespace, 'whooper-backend');
  return (await fetch(`${address}/api/health`)).json();
}

describe('a pull request', () => {
  it('is checked, and nothing is built or deployed', async () => {
    const before = await tagsInRegistry(scene.sandbox.registry, 'acme/whooper-backend');
    const ended = await run({ workflow: 'deploy.yml', event: { name: 'pull_request', number: 7 } });
    expect(ended.succeeded).toBe(true);
    expect(ended.jobs.map(({ id, result }) => `${id}: ${result}`).sort()).toEqual([
      'source: success',
      'test: success',
      'test: success',
    ]);
    expect(await tagsInRegistry(scene.sandbox.registry, 'acme/whooper-backend')).toEqual(before);
  });
});

describe('a push to develop', () => {
  let images: Record<string, string>;

  it('goes to staging: built digest = registry’s digest = digest of every ready pod', async () => {
    good = await scene.repository.checkout('develop');
    const ended = await run({
      workflow: 'deploy.yml',
      event: { name: 'push', branch: 'develop' },
      environment: 'staging',
    });
    expect(ended.succeeded).toBe(true);
    expect(ended.jobs.map(({ id }) => id)).not.toContain('production');
    images = builtImages(ended, OWN_STEPS);
    await expectDeployed('staging', images);
    for (const name of WORKLOADS) {
      for (const tag of ['develop', `sha-${good.slice(0, 7)}`]) {
        const digest = await digestInRegistry(scene.sandbox.registry, `acme/${name}`, tag);
        expect(images[name]).toBe(`${scene.sandbox.registry}/acme/${name}@${digest}`);
      }
    }
    expect(outputsOf(jobOf(ended, 'staging'), 'rollout')).toMatchObject({ outcome: 'succeeded', reason: '' });
  });

  it('brings the secrets along, each as it is', async () => {
    const { KUBECONFIG: _, ...expected } = await environmentSecrets(scene.sandbox, 'staging');
    const { namespace } = ENVIRONMENTS.staging;
    expect(await witnesses.staging.secret(namespace, 'whooper-backend-secrets')).toMatchObject(expected);
    expect(await answerOf('staging')).toEqual({
      status: 'ok',
      version: good,
      features: { summary: true, email: true },
    });
  });

  it('leaves its image in staging when main goes to production, on another cluster', async () => {
    await scene.repository.checkout('main');
    const ended = await run({
      workflow: 'deploy.yml',
      event: { name: 'push', branch: 'main' },
      environment: 'production',
    });
    expect(ended.succeeded).toBe(true);
    expect(ended.jobs.map(({ id }) => id)).not.toContain('staging');
    await expectDeployed('production', builtImages(ended, OWN_STEPS));
    await expectDeployed('staging', images);
    expect(await witnesses.production.hasNamespace(ENVIRONMENTS.staging.namespace)).toBe(false);
    expect(await digestInRegistry(scene.sandbox.registry, 'acme/whooper-backend', 'main')).toBeDefined();
    expect(await answerOf('production')).toMatchObject({ version: good });
  });
});

describe('a commit whose pods cannot start', () => {
  it('is refused with its reason and put back, and the version before answered every request', async () => {
    const before = await deployed('production');
    const prober = new Prober(await productionTargets(witnesses.production, good));
    await scene.repository.commitPatch(BROKEN_PATCH, 'Head the page with a title of its own');
    const ended = await run({
      workflow: 'deploy.yml',
      event: { name: 'push', branch: 'main' },
      environment: 'production',
    });
    const after = await deployed('production');
    const requests = await prober.end();
    expect(ended.succeeded).toBe(false);
    expect(outputsOf(jobOf(ended, 'production'), 'rollout')).toMatchObject({
      outcome: 'failed',
      reason: 'crash-loop',
      resource: 'Deployment/whooper-backend',
    });
    expect(after).toEqual(before);
    expect(requests.failures).toEqual([]);
    expect(requests.total).toBeGreaterThan(100);
  });

  it('leaves evidence: the verdict and the last words of the container', async () => {
    const files = await filesBelow(join(scene.artifacts, 'production-evidence'));
    const verdict = [...files].find(([name]) => /deploy-rollout\/verdict\.md$/.test(name))?.[1];
    expect(verdict).toContain('crash-loop');
    const logs = [...files].filter(([name]) => /\/logs\/whooper-backend-.*\.log$/.test(name));
    expect(logs.map(([, text]) => text).join('')).toContain('DASHBOARD_TITLE is not set');
  });
});

describe('the same pipeline in one call', () => {
  it('takes a commit to staging by dispatch, and nowhere else', async () => {
    const production = await deployed('production');
    const commit = await scene.repository.checkout('develop', good);
    const ended = await run({
      workflow: 'via-pipeline.yml',
      event: { name: 'workflow_dispatch', branch: 'develop', inputs: { environment: 'staging' } },
      environment: 'staging',
    });
    expect(ended.succeeded).toBe(true);
    expect(ended.jobs.map(({ id }) => id)).not.toContain('production');
    await expectDeployed(
      'staging',
      builtImages(ended, { 'whooper-backend': 'Build the first image', 'whooper-frontend': 'Build the second image' }),
    );
    expect(await answerOf('staging')).toMatchObject({ version: commit, features: { summary: true, email: true } });
    expect(await deployed('production')).toEqual(production);
  });
});

describe('secrets', () => {
  it('are in no log, no evidence and no file that a run left behind', async () => {
    const kept = await filesBelow(scene.artifacts);
    const left = await filesBelow(scene.engine.home);
    expect(kept.size).toBeGreaterThan(5);
    const texts = [...runs.map(({ log }) => log.join('\n')), ...kept.values(), ...left.values()];
    for (const environment of ['staging', 'production'] as const) {
      for (const [name, secret] of Object.entries(await environmentSecrets(scene.sandbox, environment))) {
        for (const form of formsOf(secret)) {
          expect(texts.filter((text) => text.includes(form)).length, `${environment}'s ${name}`).toBe(0);
        }
      }
    }
  });
});
