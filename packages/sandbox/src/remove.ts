import { existsSync, readdirSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopCell } from './cell/host.ts';
import { removeCgroup, removeIfEmpty, sandboxCgroup } from './cgroups.ts';
import { stateFolder } from './folders.ts';

/** How often to try removing a cgroup, 50 ms apart. */
const ATTEMPTS = 100;

/**
 * Ends a sandbox's cells and removes all that belongs to it: processes, mounts, cgroups, ports, files.
 * The caller holds the sandbox's lock.
 */
export async function removeLocal(name: string): Promise<void> {
  const state = stateFolder(name);
  const cells = existsSync(join(state, 'cells')) ? readdirSync(join(state, 'cells')) : [];
  await Promise.all(cells.map((cell) => stopCell(state, cell)));
  await removeCgroups(name);
  await rm(state, { recursive: true, force: true });
  // The folders above it, where they have become empty.
  for (const folder of [dirname(state), dirname(dirname(state))]) {
    await rmdir(folder).catch(() => undefined);
  }
}

/** The kernel lets go of a cgroup a moment after its last process. */
async function removeCgroups(name: string): Promise<void> {
  const cgroup = sandboxCgroup(name);
  for (let attempt = 1; ; attempt++) {
    try {
      removeCgroup(cgroup);
      removeIfEmpty(dirname(cgroup));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || attempt === ATTEMPTS) {
        throw error;
      }
      await sleep(50);
    }
  }
}
