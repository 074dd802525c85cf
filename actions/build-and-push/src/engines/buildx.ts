import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Context, type InputFault, retry } from '@deploy-actions/core';
import * as v from 'valibot';
import { writeCache } from '../cache.ts';
import { secretArguments } from '../secrets.ts';
import type { Session } from '../session.ts';
import { buildError } from './build-error.ts';
import { type Builder, type BuildxProgram, inspectBuilder, withContainerBuilder } from './builder.ts';
import type { BuildRequest, Built, Engine, NamedBuild } from './engine.ts';
import { pushError, registryFault } from './registry-faults.ts';
import { EngineFailure, runEngine } from './run.ts';

const metadataFile = v.looseObject({
  'containerimage.digest': v.optional(v.string()),
  'containerimage.config.digest': v.optional(v.string()),
});

/** What the builder in use can do, as far as the arguments turn on it. */
export type BuilderPowers = Pick<Builder, 'name' | 'attests'>;

/** Arguments of `buildx build`. `metadata` is the file that it writes its results to. */
export function buildArguments(build: NamedBuild, builder: BuilderPowers, metadata: string): readonly string[] {
  const pairs = (flag: string, of: Readonly<Record<string, string>>) =>
    Object.entries(of).flatMap(([key, value]) => [flag, `${key}=${value}`]);
  return [
    'build',
    ...['--progress', 'plain'],
    ...['--metadata-file', metadata],
    ...['--file', build.file],
    ...(builder.name === undefined ? [] : ['--builder', builder.name]),
    ...(build.platforms.length === 0 ? [] : ['--platform', build.platforms.join(',')]),
    ...(build.target === undefined ? [] : ['--target', build.target]),
    ...pairs('--build-arg', build.buildArgs),
    ...(build.epoch === undefined ? [] : ['--build-arg', `SOURCE_DATE_EPOCH=${build.epoch}`]),
    ...pairs('--build-context', build.buildContexts),
    ...pairs('--label', build.labels),
    ...build.annotations.flatMap((line) => ['--annotation', line]),
    ...build.references.flatMap((reference) => ['--tag', `${reference.repository}:${reference.tag ?? 'latest'}`]),
    ...build.cacheFrom.flatMap((cache) => ['--cache-from', writeCache(cache)]),
    ...build.cacheTo.flatMap((cache) => ['--cache-to', writeCache(forgiving(cache))]),
    ...(build.noCache ? ['--no-cache'] : []),
    ...(build.pull ? ['--pull'] : []),
    ...provenance(build, builder),
    ...(build.sbom === 'false' ? [] : ['--sbom', build.sbom]),
    ...secretArguments(build.secrets).args,
    ...(build.push ? ['--push'] : []),
    ...(build.load ? ['--load'] : []),
    build.context,
  ];
}

/** `true` asks for it where it can be had: not of a builder that cannot attest, and not of docker's store, which takes no index. */
function provenance({ provenance: asked, load }: NamedBuild, { attests }: BuilderPowers): readonly string[] {
  if (asked !== 'true' && asked !== 'false') return ['--provenance', asked];
  return attests ? ['--provenance', String(asked === 'true' && !load)] : [];
}

/** A cache that can't be saved must not fail a build that is sound; inline has nothing of its own to save. */
function forgiving(cache: NamedBuild['cacheTo'][number]): NamedBuild['cacheTo'][number] {
  if (cache.type === 'inline' || 'ignore-error' in cache.attributes) return cache;
  return { ...cache, attributes: { ...cache.attributes, 'ignore-error': 'true' } };
}

/** BuildKit through buildx: as docker's plug-in, or the program of that name. */
export function buildx(program: BuildxProgram): Engine {
  return {
    name: 'buildx',
    faults,
    async run(build, session, context) {
      const current = await inspectBuilder(program, build.builder, session.env, context);
      const lack = current.lacks(build);
      if (lack === undefined) {
        if (build.provenance === 'true' && !current.attests)
          context.log.info(
            'no provenance: this builder cannot attest it (docker/setup-buildx-action makes one that can)',
          );
        return await buildAndPush(program, build, current, session, context);
      }
      context.log.info(
        `the builder with driver ${current.driver} cannot ${lack}: making one in a container for this step`,
      );
      return await withContainerBuilder(program, build, session, context, (builder) =>
        buildAndPush(program, build, builder, session, context),
      );
    },
  };
}

function faults(request: BuildRequest): readonly InputFault[] {
  return request.load && request.platforms.length > 1
    ? [{ input: 'load', message: 'docker takes an image of one platform', accepted: 'one platform, or `push` alone' }]
    : [];
}

/** After a passing fault of the registry the same build runs once more from the builder's own cache: nothing is built again, only pushed. */
async function buildAndPush(
  program: BuildxProgram,
  build: NamedBuild,
  builder: BuilderPowers,
  session: Session,
  context: Context,
): Promise<Built> {
  const file = join(session.folder, 'metadata.json');
  const env = { ...session.env, ...secretArguments(build.secrets).env };
  try {
    const lines = await retry(
      (attempt) => {
        const now = attempt === 1 ? build : { ...build, noCache: false, pull: false };
        return runEngine(program.command, [...program.start, ...buildArguments(now, builder, file)], env, context);
      },
      {
        signal: context.signal,
        isTransient: (error) =>
          error instanceof EngineFailure && isPush(error) && registryFault(error.sentence)?.kind === 'passing',
        log: context.log,
      },
    );
    for (const warning of cacheWarnings(lines)) context.log.warning(`the layer cache could not be saved: ${warning}`);
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
    if (!isPush(error)) throw await buildError(error, build, context);
    throw pushError(
      registryFault(error.sentence) ?? { kind: 'passing', sentence: error.sentence },
      build.references[0]?.repository ?? '',
      error,
    );
  }
  const metadata = v.parse(metadataFile, JSON.parse(await readFile(file, 'utf8')));
  const digest = metadata['containerimage.digest'];
  return {
    digest,
    imageId: build.platforms.length > 1 ? undefined : metadata['containerimage.config.digest'],
    metadata,
  };
}

function isPush(failure: EngineFailure): boolean {
  return /failed to push|pushing (layers|manifest)|error pushing/.test(failure.sentence);
}

/** Errors of the steps that export a cache; with `ignore-error` they don't end the build. */
export function cacheWarnings(lines: readonly string[]): readonly string[] {
  const exports = new Set(lines.flatMap((line) => /^(#\d+) exporting cache/.exec(line)?.[1] ?? []));
  return lines.flatMap((line) => {
    const [, step = '', text = ''] = /^(#\d+) (?:ERROR|error):? (.*)$/.exec(line) ?? [];
    return exports.has(step) ? [text] : [];
  });
}
