import type { JobRun } from './engine/log.ts';

/** The steps of the jobs that come before anything is built, by the stage that they are. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  lint: ['Lint'],
  test: ['Compile', 'Test'],
  scan: ['Scan for secrets'],
};
/** The jobs that are a stage each. */
const JOBS = ['build', 'staging', 'production'];

/** Seconds of each stage of one run, in the order of the pipeline. Legs of a matrix, side by side, count once: by the longest. */
export function stageSeconds(jobs: readonly JobRun[]): Record<string, number> {
  const stages: [string, number[]][] = [
    ...Object.entries(STEPS).map(([stage, names]): [string, number[]] => [
      stage,
      jobs.flatMap((job) => secondsOf(job, names)),
    ]),
    ...JOBS.map((stage): [string, number[]] => [
      stage,
      jobs.filter(({ id }) => id === stage).map(({ seconds }) => seconds),
    ]),
  ];
  return Object.fromEntries(
    stages
      .filter(([, legs]) => legs.length > 0)
      .map(([stage, legs]) => [stage, Math.round(Math.max(...legs) * 10) / 10]),
  );
}

/** What these steps of a job took together; nothing where it has none of them. */
function secondsOf({ steps }: JobRun, names: readonly string[]): number[] {
  const found = steps.filter(({ name }) => names.includes(name));
  return found.length === 0 ? [] : [found.reduce((sum, { seconds }) => sum + seconds, 0)];
}
