import type { JobRun } from './engine/log.ts';

/** Seconds of each stage of one run. Jobs and legs that ran side by side count once, by the longest. */
export function stageSeconds(jobs: readonly JobRun[]): Record<string, number> {
  const stages: Record<string, number> = {};
  const add = (stage: string, seconds: number) => {
    stages[stage] = Math.round(Math.max(stages[stage] ?? 0, seconds) * 10) / 10;
  };
  for (const job of jobs) {
    if (job.id === 'check') {
      add('lint', secondsOf(job, ['Lint']));
      add('test', secondsOf(job, ['Compile', 'Test']));
    } else {
      add(job.id, job.seconds);
    }
  }
  return stages;
}

function secondsOf({ steps }: JobRun, names: readonly string[]): number {
  return steps.filter(({ name }) => names.includes(name)).reduce((sum, { seconds }) => sum + seconds, 0);
}
