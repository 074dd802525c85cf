export { Witness, type Workload } from './cluster.ts';
export { prepareNamespaces } from './demo.ts';
export {
  type Engine,
  type Event,
  jobOf,
  outputsOf,
  runWorkflow,
  type Trigger,
  type WorkflowRun,
} from './engine/engine.ts';
export type { JobRun, StepRun } from './engine/log.ts';
export { BROKEN_PATCH } from './play.ts';
export { type Count, Prober, type Target } from './prober.ts';
export { exampleFolder, makeRepository, type Repository } from './repository.ts';
export {
  assembleTree,
  ENVIRONMENTS,
  type EnvironmentName,
  environmentSecrets,
  findEngine,
  prepareEngine,
  ROOT,
  sandboxVariables,
} from './setup.ts';
