export { Witness, type Workload } from './cluster.ts';
export { jobOf, outputsOf, type WorkflowRun } from './engine/engine.ts';
export { BROKEN_PATCH, productionTargets } from './play.ts';
export { type Count, Prober, type Target } from './prober.ts';
export { prepareScene, type Scene, type Shipping, ship } from './scene.ts';
export { ENVIRONMENTS, type EnvironmentName, environmentSecrets } from './setup.ts';
