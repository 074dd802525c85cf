import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { answers } from '../cell/probe.ts';
import { cacheFolder } from '../folders.ts';
import { withLock } from '../lock.ts';
import { registryConfig } from '../parts/registry.ts';
import { areFree } from '../ports.ts';
import type { Progress } from '../progress.ts';
import { BASE_IMAGES, type BaseImage, buildContexts } from './images.ts';
import { INGREDIENTS_VERSION, provide } from './ingredients.ts';

const CONTAINERFILES = fileURLToPath(new URL('../../images/', import.meta.url));
const run = promisify(execFile);

/**
 * The folder of a registry's data with every base image in it: each sandbox's registry starts with a copy.
 * Makes the images when the cache has none of these Containerfiles.
 * @param programs the folder of the compiled programs, of which `pause` is one; waited for when its turn comes.
 * @throws Error with the words of the program that failed.
 */
export async function imageSeed(programs: Promise<string>, progress: Progress): Promise<string> {
  const folder = join(cacheFolder(), `images-${containerfilesHash()}`);
  if (existsSync(folder)) {
    return folder;
  }
  return progress.step('compose the base images', (say) =>
    withLock(
      folder,
      () => say('another process is at it; waiting'),
      async () => {
        if (!existsSync(folder)) {
          await make(folder, programs, say);
        }
        return folder;
      },
    ),
  );
}

async function make(folder: string, programs: Promise<string>, say: (detail: string) => void): Promise<void> {
  const work = `${folder}.unfinished`;
  await rm(work, { recursive: true, force: true });
  await mkdir(join(work, 'registry'), { recursive: true });
  const port = await freePort();
  await writeFile(
    join(work, 'registry.yaml'),
    stringify(registryConfig(join(work, 'registry'), { net: 'tcp', addr: `127.0.0.1:${port}` })),
  );
  const server = spawn('docker-registry', ['serve', join(work, 'registry.yaml')], { stdio: 'ignore' });
  try {
    while (!(await answers({ kind: 'port', port }))) {
      if (server.exitCode !== null) {
        throw new Error(
          'the registry that the base images are made in could not be started: try docker-registry serve',
        );
      }
    }
    for (const image of BASE_IMAGES) {
      say(image.name);
      await build(image, join(work, 'build'), programs, `localhost:${port}`);
    }
  } finally {
    server.kill('SIGKILL');
  }
  await rename(join(work, 'registry'), folder);
  await rm(work, { recursive: true, force: true });
}

async function build(image: BaseImage, work: string, programs: Promise<string>, registry: string): Promise<void> {
  const context = join(work, 'context');
  await rm(context, { recursive: true, force: true });
  await cp(join(CONTAINERFILES, image.name.replace(':', '/')), context, { recursive: true });
  for (const ingredient of image.needs) {
    await provide(ingredient, context, programs);
  }
  const reference = `${registry}/${image.name}`;
  const storage = ['--root', join(work, 'root'), '--runroot', join(work, 'runroot'), '--storage-driver', 'overlay'];
  const contexts = buildContexts({ kind: 'cells', registry }).flatMap((pair) => ['--build-context', pair]);
  const file = join(context, 'Containerfile');
  await buildah([
    ...storage,
    'build',
    '--isolation=chroot',
    '--tls-verify=false',
    ...contexts,
    '-t',
    reference,
    '-f',
    file,
    context,
  ]);
  await buildah([...storage, 'push', '--tls-verify=false', reference]);
}

async function buildah(parameters: readonly string[]): Promise<void> {
  try {
    // In a mount namespace of its own: what it mounts goes with it, even when it is killed.
    await run('unshare', ['--mount', 'buildah', ...parameters], { maxBuffer: 2 ** 26 });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split('\n').slice(-15).join('\n');
    throw new Error(`buildah ${parameters.join(' ')}:\n${said || (error as Error).message}`);
  }
}

async function freePort(): Promise<number> {
  for (let port = 19_999; port > 19_000; port--) {
    if (await areFree([port])) {
      return port;
    }
  }
  throw new Error('no port from 19001 to 19999 is free for the registry that the base images are made in');
}

function containerfilesHash(): string {
  const hash = createHash('sha256').update(`${process.arch} ${INGREDIENTS_VERSION}`);
  for (const file of readdirSync(CONTAINERFILES, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) {
      const path = join(file.parentPath, file.name);
      hash.update(`${path.slice(CONTAINERFILES.length)}\n`).update(readFileSync(path));
    }
  }
  return hash.digest('hex').slice(0, 12);
}
