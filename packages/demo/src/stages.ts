import type { JobRun } from './engine/log.ts';

/** The steps of the jobs that come before anything is built, by the stage that they are. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  lint: ['Lint'],
  test: ['Compile', 'Test'],
  scan: ['Scan for secrets'],
};
/** The jobs that are a stage each. */
const JOBS = ['build', 'staging', 'production'];

/** Seconds of each stage of one run. Legs of a matrix, side by side, count once: by the longest. */
export function stageSeconds(jobs: readonly JobRun[]): Record<string, number> {
  const stages: Record<string, number> = {};
  const add = (stage: string, seconds: number) => {
    stages[stage] = Math.max(stages[stage] ?? 0, Math.round(seconds * 10) / 10);
  };
  for (const job of jobs) {
    if (JOBS.includes(job.id)) add(job.id, job.seconds);
    for (const [stage, names] of Object.entries(STEPS)) {
      const steps = job.steps.filter(({ name }) => names.includes(name));
      if (steps.length > 0)
        add(
          stage,
          steps.reduce((sum, { seconds }) => sum + seconds, 0),
        );
    }
  }
  return stages;
}
