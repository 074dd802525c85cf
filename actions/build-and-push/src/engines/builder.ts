import { randomBytes } from 'node:crypto';
import type { Context } from '@deploy-actions/core';
import { isLoopback } from '../registry/reference.ts';
import type { Session } from '../session.ts';
import type { BuildRequest, NamedBuild } from './engine.ts';

/** How buildx is called: `docker buildx …`, or `buildx …`. */
export interface BuildxProgram {
  readonly command: string;
  readonly start: readonly string[];
}

/** A builder of buildx and what it can do. */
export interface Builder {
  /** Undefined: the current one. */
  readonly name: string | undefined;
  /** `docker`, `docker-container`, `kubernetes`, `remote`, `cloud`. */
  readonly driver: string;
  /** True: it can attach provenance and an SBOM, export any cache and build for several platforms. */
  readonly attests: boolean;
  /** What of a build it cannot do, in words; undefined: nothing. */
  lacks(build: BuildRequest): string | undefined;
}

type Surroundings = Pick<Context, 'programs' | 'signal'>;

/**
 * True where buildx has a builder that answers. One in a container is `inactive` until the first build starts it; a remote one that is
 * inactive is away.
 */
export async function hasBuilder(
  program: BuildxProgram,
  name: string | undefined,
  context: Surroundings,
): Promise<boolean> {
  const { exitCode, stdout } = await inspect(program, name, {}, context);
  const driver = driverOf(stdout);
  if (exitCode !== 0 || driver === undefined || /^Error:/m.test(stdout)) return false;
  return driver !== 'remote' || /^Status: *running/m.test(stdout);
}

function driverOf(inspected: string): string | undefined {
  return /^Driver:[^\S\n]*(\S+)/m.exec(inspected)?.[1];
}

/** Looks at the builder `name`, or the current one. */
export async function inspectBuilder(
  program: BuildxProgram,
  name: string | undefined,
  env: Session['env'],
  context: Surroundings,
): Promise<Builder> {
  const { stdout } = await inspect(program, name, env, context);
  const driver = driverOf(stdout) ?? 'docker';
  const attests = driver !== 'docker' || (await hasImageStore(program, env, context));
  return { name, driver, attests, lacks: (build) => (attests ? undefined : lackOfDocker(build)) };
}

/** docker's own builder with the old image store: one platform, no attestation, and a cache only inline. */
function lackOfDocker(build: BuildRequest): string | undefined {
  if (build.platforms.length > 1) return 'build for several platforms';
  if (build.cacheTo.some((cache) => cache.type !== 'inline')) return 'export this cache';
  if (!['true', 'false'].includes(build.provenance) || build.sbom !== 'false') return 'attest';
  return build.annotations.length > 0 ? 'annotate' : undefined;
}

/** Has `work` done by a builder in a container, made for it and removed after. It shares the host's network where a registry is on this machine. */
export async function withContainerBuilder<T>(
  program: BuildxProgram,
  build: NamedBuild,
  session: Session,
  context: Context,
  work: (builder: Builder) => Promise<T>,
): Promise<T> {
  const name = `deploy-actions-${randomBytes(4).toString('hex')}`;
  const removal = [...program.start, 'rm', '--force', name];
  const network = build.references.some((reference) => isLoopback(reference.host))
    ? ['--driver-opt', 'network=host']
    : [];
  await session.rememberBuilder([program.command, ...removal]);
  try {
    await context.programs.run(
      program.command,
      [...program.start, 'create', '--name', name, '--driver', 'docker-container', ...network],
      { env: session.env, signal: context.signal },
    );
    return await work({ name, driver: 'docker-container', attests: true, lacks: () => undefined });
  } finally {
    // Of a cancelled run nothing more is started here: the post step does it.
    await context.programs.run(program.command, removal, { env: session.env, quiet: true }).then(
      () => session.forgetBuilder(),
      (error: unknown) => context.log.info(`the builder ${name} is left to the post step: ${error}`),
    );
  }
}

async function inspect(program: BuildxProgram, name: string | undefined, env: Session['env'], context: Surroundings) {
  const every = Array.from({ length: 256 }, (_, code) => code);
  const args = [...program.start, 'inspect', ...(name === undefined ? [] : [name])];
  return await context.programs.run(program.command, args, { env, quiet: true, signal: context.signal, accept: every });
}

/** docker with containerd's image store builds as BuildKit itself does. */
async function hasImageStore(program: BuildxProgram, env: Session['env'], context: Surroundings): Promise<boolean> {
  if (program.command !== 'docker') return false;
  const { stdout } = await context.programs.run('docker', ['info', '--format', '{{json .DriverStatus}}'], {
    env,
    quiet: true,
    signal: context.signal,
    accept: [0, 1],
  });
  return stdout.includes('io.containerd.snapshotter');
}
