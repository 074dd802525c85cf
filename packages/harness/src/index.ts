export { type ActionFile, type ActionInput, readActionFile } from './action-file.ts';
export { type Job, type JobOptions, startJob } from './job.ts';
export type { Annotation } from './log.ts';
export { TERMINATE_AFTER_MS } from './process.ts';
export { type JobFolders, type RunFacts, runnerVariables } from './runner-env.ts';
export { expectNoSecret, findSecrets } from './secrets.ts';
export type { RunningStep, StepResult } from './step.ts';
