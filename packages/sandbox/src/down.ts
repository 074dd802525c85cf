import { existsSync } from 'node:fs';
import { stateFolder } from './folders.ts';
import { removeKind } from './kind.ts';
import { withLock } from './lock.ts';
import { type Progress, silent } from './progress.ts';
import { readRecord } from './record.ts';
import { removeLocal } from './remove.ts';

/**
 * Ends a sandbox and removes all that belongs to it. Of clusters that were there before it only forgets.
 * Returns false when there was no such sandbox.
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
      async () => {
        const record = readRecord(state);
        if (record?.kind === 'kind') {
          await removeKind(record);
        }
        await removeLocal(name);
      },
    ),
  );
  return true;
}
