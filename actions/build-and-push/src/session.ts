import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Context, Secret } from '@deploy-actions/core';
import { accountKey, type DockerConfig, dockerFolder, readDockerConfig } from './registry/credentials.ts';

const PREFIX = 'deploy-actions-build-';
const BUILDER_FILE = 'builder';

/** The account given to this step, for one registry. */
export interface Login {
  readonly host: string;
  readonly username: string;
  readonly password: Secret;
}

/**
 * A folder of this step alone (0700, beside the evidence and not in it) with the configuration that the engine runs under:
 * docker's own plus this step's login, and registries on this machine as plain http, as docker has it.
 */
export interface Session {
  readonly folder: string;
  /** Laid over the environment of every program of the engine. */
  readonly env: Readonly<Record<string, string>>;
  /** Remembers how to remove a builder made for this step, so that the post step can do it where this one can't any more. */
  rememberBuilder(removal: readonly string[]): Promise<void>;
  forgetBuilder(): Promise<void>;
  /** Removes the folder, all but what the post step needs. */
  close(): Promise<void>;
}

/** Opens the session. `loopback` names the registries on this machine that the build may touch. */
export async function openSession(
  login: Login | undefined,
  loopback: readonly string[],
  context: Pick<Context, 'env' | 'runner'>,
): Promise<Session> {
  const folder = await mkdtemp(join(context.runner.temp, PREFIX));
  const env: Record<string, string> = {};
  const own = dockerFolder(context.env);
  if (login !== undefined) {
    const config = join(folder, 'docker');
    await mkdir(config);
    // Builders, plug-ins and contexts stay the user's: only the file with the accounts is ours.
    for (const name of await readdir(own).catch(() => [])) {
      if (name !== 'config.json') await symlink(join(own, name), join(config, name));
    }
    const accounts = await signedIn(login, context.env.REGISTRY_AUTH_FILE || join(own, 'config.json'));
    await writeFile(join(config, 'config.json'), JSON.stringify(accounts.docker), { mode: 0o600 });
    await writeFile(join(folder, 'auth.json'), JSON.stringify(accounts.containers), { mode: 0o600 });
    env.DOCKER_CONFIG = config;
    env.BUILDX_CONFIG = context.env.BUILDX_CONFIG || join(own, 'buildx');
    env.REGISTRY_AUTH_FILE = join(folder, 'auth.json');
  } else if (!context.env.REGISTRY_AUTH_FILE && context.env.DOCKER_CONFIG) {
    env.REGISTRY_AUTH_FILE = join(own, 'config.json');
  }
  if (loopback.length > 0) {
    env.CONTAINERS_REGISTRIES_CONF = join(folder, 'registries.conf');
    await writeFile(env.CONTAINERS_REGISTRIES_CONF, await registriesConf(loopback, context.env));
  }
  return {
    folder,
    env,
    rememberBuilder: (removal) => writeFile(join(folder, BUILDER_FILE), JSON.stringify(removal)),
    forgetBuilder: () => rm(join(folder, BUILDER_FILE), { force: true }),
    async close() {
      const names: readonly string[] = await readdir(folder).catch(() => []);
      for (const name of names)
        if (name !== BUILDER_FILE) await rm(join(folder, name), { recursive: true, force: true });
      if (!names.includes(BUILDER_FILE)) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Removes what a killed step left: builders it made and folders with logins. For the post step, when every main step is done. */
export async function removeSessions(context: Context): Promise<void> {
  for (const name of await readdir(context.runner.temp)) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(context.runner.temp, name);
    const builder = await readFile(join(folder, BUILDER_FILE), 'utf8').catch(() => undefined);
    if (builder !== undefined) {
      const [program = '', ...args] = JSON.parse(builder) as string[];
      await context.programs
        .run(program, args, { quiet: true, signal: context.signal })
        .catch((error: unknown) => context.log.warning(`the builder of an ended step stays: ${error}`));
    }
    await rm(folder, { recursive: true, force: true });
  }
}

/** The accounts there are with this step's one, as docker and as containers/image (buildah) read them. */
async function signedIn(
  login: Login,
  file: string,
): Promise<{ readonly docker: DockerConfig; readonly containers: DockerConfig }> {
  const config = await readDockerConfig(file);
  const auth = Buffer.from(`${login.username}:${login.password.reveal()}`).toString('base64');
  const auths = { ...config.auths, [accountKey(login.host)]: { auth } };
  const { [login.host]: _, ...helpers } = config.credHelpers ?? {};
  // docker asks its common helper and never `auths`, unless this registry has a helper of its own: the empty one. buildah would run the empty one.
  return {
    docker: { ...config, credHelpers: { ...helpers, [login.host]: '' }, auths },
    containers: { auths, credHelpers: helpers },
  };
}

/** The machine's registries.conf, whichever buildah would read, with the loopback registries added. */
async function registriesConf(loopback: readonly string[], env: Context['env']): Promise<string> {
  const files = [
    env.CONTAINERS_REGISTRIES_CONF,
    join(env.HOME || homedir(), '.config/containers/registries.conf'),
    '/etc/containers/registries.conf',
  ];
  let base = '';
  for (const file of files) {
    const text = file ? await readFile(file, 'utf8').catch(() => undefined) : undefined;
    if (text !== undefined) {
      base = text;
      break;
    }
  }
  const added = loopback
    .filter((host) => !base.includes(`"${host}"`))
    .map((host) => `[[registry]]\nlocation = "${host}"\ninsecure = true\n`);
  return [base.trimEnd(), ...added].join('\n');
}
