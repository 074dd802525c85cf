import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusterOf } from '@deploy-actions/sandbox';
import { Witness, type Workload } from './cluster.ts';
import { jobOf, outputsOf, type WorkflowRun } from './engine/engine.ts';
import { narrate } from './narrate.ts';
import { type Count, Prober, type Target } from './prober.ts';
import type { DemoResult, Outcome } from './result.ts';
import { type Scene, ship } from './scene.ts';
import type { Screen } from './screen.ts';
import { ENVIRONMENTS, type EnvironmentName } from './setup.ts';
import { stageSeconds } from './stages.ts';
import type { TimeLeft } from './time-left.ts';
import { showVerdict } from './verdict.ts';

/** A commit that needs a setting which no environment has: its checks pass, its pods cannot start. */
export const BROKEN_PATCH = fileURLToPath(new URL('../commits/required-title.patch', import.meta.url));
const { namespace: PRODUCTION } = ENVIRONMENTS.production;
const WORKLOADS = ['whooper-backend', 'whooper-frontend'] as const;

/** Who watches. */
export interface Audience {
  readonly screen: Screen;
  readonly time: TimeLeft;
  readonly signal: AbortSignal;
}

/**
 * develop → staging, main → production, then a commit that must not get through.
 * @throws Error when production got no version, since nothing could be put back then.
 */
export async function play(scene: Scene, audience: Audience): Promise<DemoResult> {
  const { screen, time } = audience;
  time.begin('develop');
  const commit = await scene.repository.checkout('develop');
  screen.heading('push to develop', short(commit));
  const toStaging = await push(scene, audience, 'develop', 'staging');
  time.begin('main');
  await scene.repository.checkout('main');
  screen.heading('push to main', short(commit));
  const toProduction = await push(scene, audience, 'main', 'production');
  const production = outcomeOf(toProduction, 'production');
  if (production !== 'succeeded') throw new Error(`production has no version: its deployment ${production}`);
  time.begin('broken');
  return {
    demo: 'whooper',
    stages: stageSeconds([...toStaging.jobs, ...toProduction.jobs.filter(({ id }) => id === 'production')]),
    staging: outcomeOf(toStaging, 'staging'),
    production,
    ...(await refuse(scene, audience, commit)),
  };
}

/** Pushes the broken commit to main while production is asked without pause. */
async function refuse(
  scene: Scene,
  audience: Audience,
  good: string,
): Promise<Pick<DemoResult, 'broken' | 'requests'>> {
  const { screen } = audience;
  const witness = new Witness(clusterOf(scene.sandbox, 'production'));
  const before = await workloads(witness);
  const prober = new Prober(await productionTargets(witness, good));
  let control: Count | undefined;
  try {
    const commit = await scene.repository.commitPatch(BROKEN_PATCH, 'Head the page with a title of its own');
    screen.heading('push to main', `${short(commit)}, which needs a setting that production does not have`);
    const run = await push(scene, audience, 'main', 'production', () => {
      // What was asked until the first change is the control run: same machine, same load, no deployment.
      control ??= prober.take();
    });
    const after = await workloads(witness);
    const { total, failed, failures } = await prober.end();
    await showVerdict(screen, join(scene.artifacts, 'production-evidence'));
    const { outcome, reason, seconds } = rolloutOf(run, 'production');
    const rolledBack = WORKLOADS.every((name) => isBack(before[name], after[name]));
    screen.text([
      rolledBack ? `put back: every pod runs ${short(good)} again` : `not put back: ${JSON.stringify(after)}`,
      `requests meanwhile: ${total}, ${failed} failed (before it: ${control?.total ?? 0}, ${control?.failed ?? 0} failed)`,
      ...failures,
    ]);
    return {
      broken: { outcome, reason, rolledBack, seconds },
      requests: { total, failed, control: { total: control?.total ?? 0, failed: control?.failed ?? 0 } },
    };
  } finally {
    await prober.end();
  }
}

/** @param onRollout called as the step that changes the cluster begins. */
function push(
  scene: Scene,
  { screen, signal }: Audience,
  branch: string,
  environment: EnvironmentName,
  onRollout: () => void = () => undefined,
): Promise<WorkflowRun> {
  const narrator = narrate(screen);
  return ship(scene, {
    workflow: 'deploy.yml',
    event: { name: 'push', branch },
    environment,
    signal,
    tell: (happening) => {
      if (happening.kind === 'step-started' && happening.step === 'Roll out') onRollout();
      narrator(happening);
    },
  });
}

/** What became of a deployment: the rollout's own word, and a failure of any other step of the job is a failure too. */
function outcomeOf(run: WorkflowRun, environment: EnvironmentName): Outcome {
  const deployed = run.jobs.some(({ id, result }) => id === environment && result === 'success');
  return deployed ? rolloutOf(run, environment).outcome : 'failed';
}

function rolloutOf(run: WorkflowRun, environment: EnvironmentName): Omit<DemoResult['broken'], 'rolledBack'> {
  const job = jobOf(run, environment);
  const { outcome = 'failed', reason = '' } = outputsOf(job, 'rollout');
  const seconds = job.steps.find(({ id }) => id === 'rollout')?.seconds ?? 0;
  return { outcome: outcome as Outcome, reason, seconds: Math.round(seconds * 10) / 10 };
}

async function workloads(witness: Witness): Promise<Readonly<Record<(typeof WORKLOADS)[number], Workload>>> {
  return {
    'whooper-backend': await witness.workload(PRODUCTION, 'whooper-backend'),
    'whooper-frontend': await witness.workload(PRODUCTION, 'whooper-frontend'),
  };
}

/** The spec is the old one, and so is every pod that is ready. */
function isBack(before: Workload, after: Workload): boolean {
  const { image, readyImages } = after;
  return image === before.image && readyImages.length > 0 && readyImages.every((ready) => ready === image);
}

/** The addresses of production, with `version` as the only one that the backend may say it is. */
export async function productionTargets(witness: Witness, version: string): Promise<Target[]> {
  const backend = await witness.address(PRODUCTION, 'whooper-backend');
  const frontend = await witness.address(PRODUCTION, 'whooper-frontend');
  return [
    {
      url: `${backend}/api/health`,
      fault: (body) => (body.includes(`"version":"${version}"`) ? undefined : `another version answered: ${body}`),
    },
    { url: `${frontend}/health` },
  ];
}

function short(commit: string): string {
  return commit.slice(0, 7);
}
