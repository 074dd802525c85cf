import { join } from 'node:path';
import { clusterOf, type Progress, type Sandbox } from '@deploy-actions/sandbox';
import { Witness } from './cluster.ts';
import { type Engine, type Event, runWorkflow, type WorkflowRun } from './engine/engine.ts';
import type { Happening } from './engine/log.ts';
import { exampleFolder, makeRepository, type Repository } from './repository.ts';
import {
  assembleTree,
  ENVIRONMENTS,
  type EnvironmentName,
  environmentSecrets,
  findEngine,
  prepareEngine,
  ROOT,
  sandboxVariables,
} from './setup.ts';

/** Everything that is there before the first push. */
export interface Scene {
  readonly sandbox: Sandbox;
  readonly engine: Engine;
  readonly repository: Repository;
  /** Where artifacts of the runs are put. */
  readonly artifacts: string;
}

/**
 * Sets everything up: the clusters with a namespace each, the engine and the release tree side by side, then the user's repository.
 * @param sandbox brings the clusters up, or finds them up.
 * @param folder everything else is made in there.
 */
export async function prepareScene(sandbox: Promise<Sandbox>, folder: string, progress: Progress): Promise<Scene> {
  const tree = join(folder, 'release');
  const [up, program] = await allOf([
    sandbox.then(prepareNamespaces),
    findEngine(progress),
    assembleTree(tree, progress),
  ]);
  // Not before: git may have come with what the sandbox installs.
  const repository = await makeRepository(exampleFolder(ROOT), join(folder, 'whooper'), 'acme/whooper');
  const programs = up.programs === null ? [] : [up.programs];
  const engine = await prepareEngine(program, tree, join(folder, 'runner'), programs);
  return { sandbox: up, engine, repository, artifacts: join(folder, 'artifacts') };
}

/** How a workflow of the example is run. */
export interface Shipping {
  /** The workflow's file name. */
  readonly workflow: string;
  readonly event: Event;
  /** Whose secrets the run gets; none, as a pull request from a fork, when left out. */
  readonly environment?: EnvironmentName;
  readonly tell?: (happening: Happening) => void;
  readonly signal?: AbortSignal;
}

/** Runs a workflow of the example on what is checked out, with the sandbox's variables and the environment's secrets. */
export async function ship(
  scene: Scene,
  { workflow, event, environment, tell, signal }: Shipping,
): Promise<WorkflowRun> {
  const trigger = {
    event,
    repository: scene.repository.folder,
    workflow: join('.github/workflows', workflow),
    vars: sandboxVariables(scene.sandbox),
    secrets: environment === undefined ? {} : await environmentSecrets(scene.sandbox, environment),
    artifacts: scene.artifacts,
  };
  return runWorkflow(scene.engine, trigger, tell, signal);
}

/** The administrator's part: a namespace in each cluster. */
async function prepareNamespaces(sandbox: Sandbox): Promise<Sandbox> {
  for (const [name, { namespace }] of Object.entries(ENVIRONMENTS)) {
    await new Witness(clusterOf(sandbox, name)).makeNamespace(namespace);
  }
  return sandbox;
}

/** Like Promise.all, but waits for all of them before it fails: none goes on in a folder that is being removed. */
async function allOf<Results extends readonly unknown[]>(
  work: readonly [...{ [Index in keyof Results]: Promise<Results[Index]> }],
): Promise<Results> {
  await Promise.allSettled(work);
  return (await Promise.all(work)) as unknown as Results;
}
