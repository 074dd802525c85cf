import { type ExistingClusters, useContexts } from './contexts.ts';
import { checkedName, stateFolder } from './folders.ts';
import { hasKind, upKind } from './kind.ts';
import { prepareLocal, upLocal } from './local.ts';
import { withLock } from './lock.ts';
import { type Progress, silent } from './progress.ts';
import { connect, type Sandbox } from './sandbox.ts';

export interface UpOptions {
  /** @default "default" */
  readonly name?: string;
  /** The names of the clusters. @default ["main"] */
  readonly clusters?: readonly string[];
  /** Clusters that are there already, to be used instead of new ones. */
  readonly existing?: ExistingClusters;
  readonly progress?: Progress;
}

/**
 * Has a sandbox with these clusters be up: in cells, or with kind where there is one and a docker engine. What is
 * up already stays as it is; a sandbox of which a part has failed is made anew. Any number of processes may bring
 * up sandboxes at once, the same one too.
 * @throws Error saying which requirement is missing, or which part failed with its last lines.
 */
export async function up(options: UpOptions = {}): Promise<Sandbox> {
  const { name = 'default', clusters = ['main'], progress = silent } = options;
  const state = stateFolder(name);
  clusters.forEach(checkedName);
  const wait = () => progress.tell(`another process is at the sandbox "${name}"; waiting`);
  return withLock(state, wait, async () => {
    if (options.existing) {
      useContexts(name, clusters, options.existing);
    } else if (hasKind()) {
      await upKind(name, clusters, progress);
    } else {
      await upLocal(name, clusters, progress);
    }
    return connect(name);
  });
}

/**
 * Makes what {@link up} needs once a machine, minutes the first time, and starts nothing: so that it can go on beside other work.
 * @throws Error with the words of what failed.
 */
export async function prepare(progress: Progress = silent): Promise<void> {
  if (!hasKind()) {
    await prepareLocal(progress, 1);
  }
}
