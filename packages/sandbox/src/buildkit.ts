import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bootstrap } from './bootstrap.ts';
import { cacheFolder } from './folders.ts';
import { withLock } from './lock.ts';
import type { Progress } from './progress.ts';

const SOURCES = fileURLToPath(new URL('../buildkit/', import.meta.url));
const PACKAGES = ['github.com/docker/buildx/cmd/buildx', 'github.com/moby/buildkit/cmd/buildkitd'];
const START_MS = 30_000;

/** A running BuildKit, and buildx to speak to it. */
export interface BuildKit {
  /** The folder of `buildx` and `buildkitd`. */
  readonly programs: string;
  /** `unix://…`, for `buildx create --driver remote`. */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Starts a BuildKit of one's own, outside of every sandbox. No sandbox needs it: it is for whoever tests the buildx engine. The first
 * start compiles it and buildx, which takes minutes, told in `progress`. Needs root, as every sandbox does.
 * @throws Error with the compiler's own words, or when it does not come up.
 */
export async function startBuildKit(progress: Progress): Promise<BuildKit> {
  const programs = await compiled(progress);
  const folder = await mkdtemp(join(tmpdir(), 'deploy-actions-buildkit-'));
  const socket = join(folder, 'buildkitd.sock');
  const daemon = spawn(
    join(programs, 'buildkitd'),
    ['--addr', `unix://${socket}`, '--root', join(folder, 'root'), '--oci-worker-net', 'host'],
    { stdio: 'ignore' },
  );
  const stop = async () => {
    if (daemon.exitCode === null && daemon.signalCode === null) {
      const ended = once(daemon, 'exit');
      daemon.kill();
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  for (const begun = performance.now(); !existsSync(socket); await sleep(100)) {
    if (daemon.exitCode === null && performance.now() - begun < START_MS) continue;
    await stop();
    throw new Error('buildkitd does not come up: run it by hand to see why');
  }
  return { programs, address: `unix://${socket}`, stop };
}

async function compiled(progress: Progress): Promise<string> {
  const hash = createHash('sha256').update(process.arch);
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(SOURCES, file)));
  const folder = join(cacheFolder(), `buildkit-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  return await progress.step('compile BuildKit and buildx, about 5 minutes', (say) =>
    withLock(
      folder,
      () => say('another process is at it; waiting'),
      async () => {
        if (!existsSync(folder)) await compile(folder);
        return folder;
      },
    ),
  );
}

async function compile(folder: string): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const env = { ...process.env, CGO_ENABLED: '0', PATH: `${await bootstrap('go')}:${process.env.PATH}` };
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags=-s -w'];
  await promisify(execFile)('go', ['build', ...flags, '-o', `${unfinished}/`, ...PACKAGES], {
    cwd: SOURCES,
    env,
    maxBuffer: 2 ** 26,
  });
  await rename(unfinished, folder);
}
