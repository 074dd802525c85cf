import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusterOf, type Sandbox } from '@deploy-actions/sandbox';
import { Witness } from './cluster.ts';
import { type Engine, jobOf, outputsOf, runWorkflow, type WorkflowRun } from './engine/engine.ts';
import { narrate } from './narrate.ts';
import { type Count, Prober, type Target } from './prober.ts';
import type { Repository } from './repository.ts';
import type { DemoResult, Outcome } from './result.ts';
import type { Screen } from './screen.ts';
import { ENVIRONMENTS, type EnvironmentName, environmentSecrets, sandboxVariables } from './setup.ts';
import { stageSeconds } from './stages.ts';
import type { TimeLeft } from './time-left.ts';
import { showVerdict } from './verdict.ts';

/** A commit that needs a setting which no environment has: checks pass, pods cannot start. */
export const BROKEN_PATCH = fileURLToPath(new URL('../commits/required-title.patch', import.meta.url));
const WORKLOADS = ['whooper-backend', 'whooper-frontend'] as const;

/** Everything that is there before the first push. */
export interface Scene {
  readonly sandbox: Sandbox;
  readonly engine: Engine;
  readonly repository: Repository;
  /** Where artifacts of the runs are put. */
  readonly artifacts: string;
  readonly screen: Screen;
  readonly time: TimeLeft;
  readonly signal: AbortSignal;
}

/** develop → staging, main → production, then a commit that must not get through. */
export async function play(scene: Scene): Promise<DemoResult> {
  const { screen, time, repository } = scene;
  time.begin('develop');
  const first = await repository.checkout('develop');
  screen.heading('push to develop', short(first));
  const toStaging = await push(scene, 'develop', 'staging');
  time.begin('main');
  await repository.checkout('main');
  screen.heading('push to main', short(first));
  const toProduction = await push(scene, 'main', 'production');
  const deployed = {
    staging: outcomeOf(toStaging, 'staging'),
    production: outcomeOf(toProduction, 'production'),
    stages: { ...stageSeconds(toStaging.jobs), production: stageSeconds(toProduction.jobs).production ?? 0 },
  };
  time.begin('broken');
  if (deployed.production !== 'succeeded') throw new Error('production has no version that could be put back');
  return { demo: 'whooper', ...pick(deployed), ...(await refuse(scene, first)) };
}

function pick({ stages, staging, production }: Pick<DemoResult, 'stages' | 'staging' | 'production'>) {
  return { stages, staging, production };
}

/** Pushes the broken commit to main while production is asked without pause. */
async function refuse(scene: Scene, good: string): Promise<Pick<DemoResult, 'broken' | 'requests'>> {
  const { screen, repository } = scene;
  const witness = new Witness(clusterOf(scene.sandbox, 'production'));
  const before = await images(witness);
  const prober = new Prober(await targets(witness, good));
  let control: Count | undefined;
  try {
    const commit = await repository.commitPatch(BROKEN_PATCH, 'Head the page with a title of its own');
    screen.heading('push to main', `${short(commit)}, which needs a setting that production does not have`);
    const run = await push(scene, 'main', 'production', (job, step) => {
      // What was asked until the first change is the control run: same machine, same load, no deployment.
      if (control === undefined && job.endsWith('/Production') && step === 'Roll out') control = prober.take();
    });
    const rollout = rolloutOf(run, 'production');
    const after = await images(witness);
    const meanwhile = await prober.end();
    await showVerdict(screen, join(scene.artifacts, 'production-evidence'));
    const rolledBack = WORKLOADS.every((name) => isBack(before[name], after[name]));
    const requests = { total: meanwhile.total, failed: meanwhile.failed };
    const { total = 0, failed = 0 } = control ?? {};
    screen.text([
      rolledBack ? `put back: every pod runs ${short(good)} again` : `NOT put back: ${JSON.stringify(after)}`,
      `requests meanwhile: ${requests.total}, ${requests.failed} failed (before it: ${total}, ${failed} failed)`,
      ...meanwhile.failures,
    ]);
    return {
      broken: { outcome: rollout.outcome, reason: rollout.reason, rolledBack, seconds: rollout.seconds },
      requests: { ...requests, control: { total, failed } },
    };
  } finally {
    await prober.end();
  }
}

/** Runs the example's own workflow as a push of what is checked out would. */
async function push(
  scene: Scene,
  branch: string,
  environment: EnvironmentName,
  onStep: (job: string, step: string) => void = () => undefined,
): Promise<WorkflowRun> {
  const tell = narrate(scene.screen);
  return runWorkflow(
    scene.engine,
    {
      event: { name: 'push', branch },
      repository: scene.repository.folder,
      workflow: '.github/workflows/deploy.yml',
      vars: sandboxVariables(scene.sandbox),
      secrets: await environmentSecrets(scene.sandbox, environment),
      artifacts: scene.artifacts,
    },
    (happening) => {
      if (happening.kind === 'step-started') onStep(happening.job, happening.step);
      tell(happening);
    },
    scene.signal,
  );
}

/** What became of a deployment: the rollout's own word, and a failure of any other step of the job is a failure too. */
function outcomeOf(run: WorkflowRun, environment: EnvironmentName): Outcome {
  if (!run.jobs.some(({ id }) => id === environment)) return 'failed';
  return jobOf(run, environment).result === 'success' ? rolloutOf(run, environment).outcome : 'failed';
}

function rolloutOf(
  run: WorkflowRun,
  environment: EnvironmentName,
): { outcome: Outcome; reason: string; seconds: number } {
  const job = jobOf(run, environment);
  const { outcome = 'failed', reason = '' } = outputsOf(job, 'rollout');
  const seconds = job.steps.find(({ id }) => id === 'rollout')?.seconds ?? 0;
  return { outcome: outcome as Outcome, reason, seconds: Math.round(seconds * 10) / 10 };
}

type Images = Readonly<Record<(typeof WORKLOADS)[number], { spec: string; ready: readonly string[] }>>;

async function images(witness: Witness): Promise<Images> {
  const { namespace } = ENVIRONMENTS.production;
  const of = async (name: string) => {
    const { image, readyImages } = await witness.workload(namespace, name);
    return { spec: image, ready: readyImages };
  };
  return { 'whooper-backend': await of('whooper-backend'), 'whooper-frontend': await of('whooper-frontend') };
}

/** The spec is the old one, and so is every pod that is ready. */
function isBack(before: Images['whooper-backend'], after: Images['whooper-backend']): boolean {
  return before.spec === after.spec && after.ready.length > 0 && after.ready.every((image) => image === before.spec);
}

async function targets(witness: Witness, version: string): Promise<Target[]> {
  const { namespace } = ENVIRONMENTS.production;
  return [
    {
      url: `${await witness.address(namespace, 'whooper-backend')}/api/health`,
      fault: (body) => (body.includes(`"version":"${version}"`) ? undefined : `another version answered: ${body}`),
    },
    { url: `${await witness.address(namespace, 'whooper-frontend')}/health` },
  ];
}

function short(commit: string): string {
  return commit.slice(0, 7);
}
