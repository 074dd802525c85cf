import { readFile, rm } from 'node:fs/promises';
import { arch } from 'node:os';
import { join, relative } from 'node:path';
import { type Context, type InputFault, retry } from '@deploy-actions/core';
import type { CacheSpec } from '../cache.ts';
import { lineThatKeepsAnArgument } from '../dockerfile.ts';
import { isLoopback, parseReference, type Reference } from '../registry/reference.ts';
import { secretArguments } from '../secrets.ts';
import type { Session } from '../session.ts';
import { buildError } from './build-error.ts';
import type { BuildRequest, Built, Engine, NamedBuild } from './engine.ts';
import { pushError, registryFault } from './registry-faults.ts';
import { EngineFailure, runEngine } from './run.ts';

/** Arguments of one `buildah build`, for one platform (undefined: the machine's own). The image's ID is written to `idFile`. */
export function buildArguments(build: NamedBuild, platform: string | undefined, idFile: string): readonly string[] {
  const pairs = (flag: string, of: Readonly<Record<string, string>>) =>
    Object.entries(of).flatMap(([key, value]) => [flag, `${key}=${value}`]);
  return [
    'build',
    '--layers',
    ...['--file', build.file],
    ...['--iidfile', idFile],
    ...(platform === undefined ? [] : ['--platform', platform]),
    ...(build.target === undefined ? [] : ['--target', build.target]),
    ...pairs('--build-arg', build.buildArgs),
    ...pairs('--build-context', build.buildContexts),
    ...pairs('--label', build.labels),
    ...build.annotations.flatMap((line) => ['--annotation', line.replace(/^manifest:/, '')]),
    ...build.cacheFrom.flatMap((cache) => ['--cache-from', cache.attributes.ref ?? '']),
    ...build.cacheTo.flatMap((cache) => ['--cache-to', cache.attributes.ref ?? '']),
    ...(build.noCache ? ['--no-cache'] : []),
    ...(build.pull ? ['--pull=always'] : []),
    ...(build.epoch === undefined ? [] : ['--timestamp', build.epoch]),
    // Names only help whoever looks into the local store; a list of several platforms gets none.
    ...(build.platforms.length > 1 ? [] : build.references.flatMap((reference) => ['--tag', written(reference)])),
    ...secretArguments(build.secrets).args,
    build.context,
  ];
}

/** Arguments that push the image or list `subject` to `reference`; the digest it has there is written to `digestFile`. */
export function pushArguments(
  subject: string,
  isList: boolean,
  reference: Reference,
  digestFile: string,
): readonly string[] {
  // A list is pushed without regard to registries.conf, which says of this machine's registries that they speak plain http.
  const plain = isLoopback(reference.host) ? ['--tls-verify=false'] : [];
  const start = isList ? ['manifest', 'push', '--all', ...plain] : ['push'];
  return [...start, '--digestfile', digestFile, subject, `docker://${written(reference)}`];
}

/** buildah: builds where no daemon runs. It keeps its layers in the machine's own store, and in a registry where told to. */
export const buildah: Engine = {
  name: 'buildah',
  faults,
  async run(asked, session, context) {
    const build = await withCacheToTrust(asked, context);
    const platforms = build.platforms.length === 0 ? [undefined] : build.platforms;
    const ids: string[] = [];
    for (const platform of platforms) ids.push(await buildPlatform(build, platform, session, context));
    const isList = ids.length > 1;
    const subject = isList ? await makeList(ids, session, context) : (ids[0] ?? '');
    let digest: string | undefined;
    try {
      if (build.push)
        for (const reference of build.references) digest = await pushTo(subject, isList, reference, session, context);
    } finally {
      if (isList)
        await context.programs
          .run('buildah', ['manifest', 'rm', subject], { env: session.env, quiet: true, signal: context.signal })
          .catch(() => undefined);
    }
    return described(build, digest, isList ? undefined : subject);
  },
};

/**
 * buildah 1.28 takes an ENV or LABEL from its cache though the build argument in it has another value now (measured; RUN is told apart), so
 * the old version would be pushed as the new one. Where a file could be hit by that, nothing is taken from the cache.
 */
async function withCacheToTrust(build: NamedBuild, { log, runner }: Context): Promise<NamedBuild> {
  const varies = Object.keys(build.buildArgs).length > 0 || build.platforms.length > 0;
  if (build.noCache || !varies) return build;
  const line = lineThatKeepsAnArgument(await readFile(build.file, 'utf8'));
  if (line === undefined) return build;
  log.notice(
    'built without the layer cache: an ENV or LABEL holds a build argument, and buildah would take its old value; write the value in a RUN to keep the cache',
    { file: relative(runner.workspace, build.file), line },
  );
  return { ...build, noCache: true };
}

function faults(request: BuildRequest): readonly InputFault[] {
  const found: InputFault[] = [];
  const cannot = (input: string, what: string, accepted?: string) =>
    found.push({ input, message: `buildah cannot ${what}`, ...(accepted === undefined ? {} : { accepted }) });
  if (request.load) cannot('load', 'load into docker', 'false, or `engine: buildx`');
  if (request.builder !== undefined) cannot('builder', 'use a builder of buildx', 'nothing, or `engine: buildx`');
  if (!['true', 'false'].includes(request.provenance))
    cannot('provenance', 'attest provenance', 'true (made where the engine can), false, or `engine: buildx`');
  if (request.sbom !== 'false') cannot('sbom', 'attest an SBOM', 'false, or `engine: buildx`');
  if (request.annotations.some((line) => /^(index|manifest-descriptor|index-descriptor)\b/.test(line)))
    cannot('annotations', 'annotate an index', 'KEY=value, manifest:KEY=value');
  for (const [input, caches] of [
    ['cache-from', request.cacheFrom],
    ['cache-to', request.cacheTo],
  ] as const) {
    for (const cache of caches) {
      if (cache.type !== 'registry')
        cannot(input, `keep layers in type=${cache.type}`, 'type=registry,ref=REPOSITORY, or `engine: buildx`');
      else if (taggedCache(cache))
        cannot(
          input,
          `keep layers under a tag (${cache.attributes.ref}): it tags each layer itself`,
          'ref= a repository without a tag',
        );
    }
  }
  return found;
}

function taggedCache(cache: CacheSpec): boolean {
  const reference = parseReference(cache.attributes.ref ?? '');
  return reference === undefined || reference.tag !== undefined || reference.digest !== undefined;
}

/**
 * Builds for one platform. buildah 1.28 takes a layer that it built for another platform from its cache when the image begins at
 * `scratch` (measured), so what comes out is looked at, and built again without the cache where it is for another one.
 */
async function buildPlatform(
  build: NamedBuild,
  platform: string | undefined,
  session: Session,
  context: Context,
): Promise<string> {
  const id = await buildOnce(build, platform, session, context);
  const wanted = platform ?? `linux/${arch() === 'x64' ? 'amd64' : arch()}`;
  const format = '{{.OCIv1.OS}}/{{.OCIv1.Architecture}}';
  const { stdout } = await context.programs.run('buildah', ['inspect', '--type', 'image', '--format', format, id], {
    env: session.env,
    quiet: true,
    signal: context.signal,
  });
  if (build.noCache || wanted === stdout.trim() || wanted.startsWith(`${stdout.trim()}/`)) return id;
  context.log.info(`the cached layers are for ${stdout.trim()}, not for ${wanted}: building again without them`);
  return await buildOnce({ ...build, noCache: true }, platform, session, context);
}

async function buildOnce(
  build: NamedBuild,
  platform: string | undefined,
  session: Session,
  context: Context,
): Promise<string> {
  const idFile = join(session.folder, `image-${(platform ?? 'own').replaceAll('/', '-')}`);
  const env = { ...session.env, ...secretArguments(build.secrets).env };
  try {
    await runEngine('buildah', buildArguments(build, platform, idFile), env, context);
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    const cache = /^Error: failed (?:pushing|pulling) cache.*/m.exec(error.lines.join('\n'))?.[0];
    if (cache === undefined) throw await buildError(error, build, context);
    context.log.warning(`the layer cache could not be used, so the image is built without it: ${cache}`);
    return await buildOnce({ ...build, cacheFrom: [], cacheTo: [] }, platform, session, context);
  }
  return (await readFile(idFile, 'utf8')).trim();
}

async function makeList(ids: readonly string[], session: Session, context: Context): Promise<string> {
  const list = `localhost/deploy-actions:${session.folder.slice(-6).toLowerCase()}`;
  const options = { env: session.env, quiet: true, signal: context.signal };
  await context.programs.run('buildah', ['manifest', 'create', list], options);
  for (const id of ids)
    await context.programs.run('buildah', ['manifest', 'add', list, id.replace(/^sha256:/, '')], options);
  return list;
}

/** Pushes once more where the registry's fault is a passing one; what is built stays built. */
async function pushTo(
  subject: string,
  isList: boolean,
  reference: Reference,
  session: Session,
  context: Context,
): Promise<string> {
  const digestFile = join(session.folder, 'digest');
  const push = async () => {
    await rm(digestFile, { force: true });
    await runEngine('buildah', pushArguments(subject, isList, reference, digestFile), session.env, context);
    const digest = await readFile(digestFile, 'utf8').catch(() => undefined);
    // buildah 1.28 exits with 0 where the push of a list breaks off (measured).
    if (digest === undefined)
      throw new EngineFailure(['buildah ended without having pushed and did not say why'], undefined);
    return digest.trim();
  };
  try {
    return await retry(push, {
      signal: context.signal,
      isTransient: (error) => error instanceof EngineFailure && registryFault(error.sentence)?.kind === 'passing',
      log: context.log,
    });
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    throw pushError(
      registryFault(error.sentence) ?? { kind: 'passing', sentence: error.sentence },
      reference.repository,
      error,
    );
  }
}

function described(build: NamedBuild, digest: string | undefined, imageId: string | undefined): Built {
  return {
    digest,
    imageId,
    metadata: {
      ...(digest === undefined ? {} : { 'containerimage.digest': digest }),
      ...(imageId === undefined ? {} : { 'containerimage.config.digest': imageId }),
      'image.name': build.references.map(written).join(','),
    },
  };
}

function written(reference: Reference): string {
  return `${reference.repository}:${reference.tag ?? 'latest'}`;
}
