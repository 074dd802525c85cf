import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `work` while no other process of this machine holds the lock called `name`. The lock is an abstract
 * socket: the kernel frees it with the process that holds it, so there is never a stale one.
 * @param waiting called once when somebody else has it.
 */
export async function withLock<Result>(
  name: string,
  waiting: () => void,
  work: () => Promise<Result>,
): Promise<Result> {
  let holder = await take(name);
  if (!holder) {
    waiting();
  }
  while (!holder) {
    await sleep(200);
    holder = await take(name);
  }
  try {
    return await work();
  } finally {
    holder.close();
  }
}

function take(name: string): Promise<Server | null> {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        resolve(null);
      } else {
        reject(error);
      }
    });
    server.listen(`\0deploy-actions-${digest}`, () => resolve(server));
  });
}
