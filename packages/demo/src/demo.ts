import { join } from 'node:path';
import { clusterOf, down, type Sandbox, up } from '@deploy-actions/sandbox';
import { cacheFile } from './cache-file.ts';
import { Witness } from './cluster.ts';
import { play } from './play.ts';
import { exampleFolder, makeRepository } from './repository.ts';
import type { DemoResult } from './result.ts';
import { Screen } from './screen.ts';
import { assembleTree, ENVIRONMENTS, findEngine, prepareEngine, ROOT } from './setup.ts';
import { TimeLeft } from './time-left.ts';

/** What the demo's own sandbox is called. */
const SANDBOX = 'demo';

export interface DemoOptions {
  /** For everything that is made and thrown away. */
  readonly folder: string;
  /** Leaves the sandbox up. */
  readonly keep: boolean;
  readonly write: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Sets everything up, plays, and takes everything down. */
export async function demo(options: DemoOptions): Promise<{ result: DemoResult; transcript: readonly string[] }> {
  const time = await TimeLeft.from(cacheFile('demo.json'));
  const screen = new Screen(options.write, () => time.left());
  const progress = screen.progress();
  const tree = join(options.folder, 'release');
  screen.heading('set up', 'two clusters, a registry, a workflow engine and a user’s repository');
  try {
    const [sandbox, program, repository] = await allOf([
      up({ name: SANDBOX, clusters: Object.keys(ENVIRONMENTS), progress }).then(prepareNamespaces),
      findEngine(progress),
      makeRepository(exampleFolder(ROOT), join(options.folder, 'whooper'), 'acme/whooper'),
      assembleTree(tree, progress),
    ]);
    options.signal.throwIfAborted();
    const engine = await prepareEngine(
      program,
      tree,
      join(options.folder, 'runner'),
      sandbox.programs === null ? [] : [sandbox.programs],
    );
    const artifacts = join(options.folder, 'artifacts');
    const result = await play({ sandbox, engine, repository, artifacts, screen, time, signal: options.signal });
    await time.remember();
    return { result, transcript: screen.transcript };
  } finally {
    if (!options.keep) await down(SANDBOX);
  }
}

/** The administrator's part: a namespace in each cluster. */
export async function prepareNamespaces(sandbox: Sandbox): Promise<Sandbox> {
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
