import { existsSync, readdirSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopCell } from './cell/host.ts';
import { removeCgroup, sandboxCgroup } from './cgroups.ts';
import { stateFolder } from './folders.ts';
import { withLock } from './lock.ts';
import { type Progress, silent } from './progress.ts';

/**
 * Ends a sandbox and removes all that belongs to it: processes, mounts, cgroups, ports, files.
 * Returns false when there was none.
 */
export async function down(name: string, progress: Progress = silent): Promise<boolean> {
  const state = stateFolder(name);
  if (!existsSync(state)) {
    return false;
  }
  await progress.step(`end the sandbox "${name}"`, (say) =>
    withLock(
      state,
      () => say('another process is at it; waiting'),
      () => remove(name),
    ),
  );
  return true;
}

/** As `down`, for a caller that holds the sandbox's lock. */
export async function remove(name: string): Promise<void> {
  const state = stateFolder(name);
  const cells = existsSync(join(state, 'cells')) ? readdirSync(join(state, 'cells')) : [];
  await Promise.all(cells.map((cell) => stopCell(state, cell)));
  await removeGroups(name);
  await rm(state, { recursive: true, force: true });
  // The folders above it, where they have become empty.
  for (const folder of [dirname(state), dirname(dirname(state))]) {
    await rmdir(folder).catch(() => undefined);
  }
}

/** The kernel lets go of a cgroup a moment after its last process. */
async function removeGroups(name: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      removeCgroup(sandboxCgroup(name));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || attempt === 100) {
        throw error;
      }
      await sleep(50);
    }
  }
}
