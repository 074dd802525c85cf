import type { Happening, JobRun, StepRun } from './engine/log.ts';
import type { Screen } from './screen.ts';

/** The jobs that change a cluster: told step by step, the others when they have ended. */
const DEPLOYMENTS = /\/(staging|production)$/i;

/** Tells a run as it happens. */
export function narrate(screen: Screen): (happening: Happening) => void {
  return (happening) => {
    if (happening.kind === 'step-ended' && DEPLOYMENTS.test(happening.job))
      tellStep(screen, happening.job, happening.step);
    if (happening.kind === 'job-ended' && !DEPLOYMENTS.test(happening.job.name)) tellJob(screen, happening.job);
  };
}

function tellStep(screen: Screen, job: string, step: StepRun): void {
  // Without a name of its own a step is called by what it uses: of no interest here.
  if (step.name.includes('@') || step.result === 'skipped') return;
  const title = `${titleOf(job)}: ${step.name.toLowerCase()}`;
  if (step.result === 'success') screen.done(title, step.seconds);
  else screen.failed(title, step.seconds, step.outputs.reason ?? 'failed');
}

function tellJob(screen: Screen, job: JobRun): void {
  const failed = job.steps.find(({ result }) => result === 'failure');
  if (failed)
    screen.failed(`${titleOf(job.name)}: ${failed.name.toLowerCase()}`, job.seconds, failed.outputs.reason ?? 'failed');
  else screen.done(titleOf(job.name), job.seconds);
}

/** `deploy/Check backend-1` → `check backend`. */
function titleOf(job: string): string {
  return job
    .slice(job.indexOf('/') + 1)
    .replace(/-\d+$/, '')
    .toLowerCase();
}
