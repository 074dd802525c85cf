export { type BuildKit, startBuildKit } from './buildkit.ts';
export { down } from './down.ts';
export type { CellHealth } from './health.ts';
export { BASE_IMAGES, type BaseImage, buildContexts } from './images/images.ts';
export type { PortRange } from './plan.ts';
export { lines, type Progress, silent } from './progress.ts';
export { type Cluster, clusterOf, connect, type Sandbox, status } from './sandbox.ts';
export { sharedSandbox } from './shared.ts';
export { prepare, type UpOptions, up } from './up.ts';
