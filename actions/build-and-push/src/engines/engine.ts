import type { Context, InputFault } from '@deploy-actions/core';
import type { CacheSpec } from '../cache.ts';
import type { Reference } from '../registry/reference.ts';
import type { BuildSecret } from '../secrets.ts';
import type { Session } from '../session.ts';

export const ENGINES = ['buildx', 'buildah'] as const;
export type EngineName = (typeof ENGINES)[number];

/** What is to be built, in terms that every engine shares. Serialisable: secrets inside print as `***`. */
export interface BuildRequest {
  /** Absolute paths. */
  readonly context: string;
  readonly file: string;
  readonly target: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly buildContexts: Readonly<Record<string, string>>;
  /** `linux/arm64`; empty: the builder's own. */
  readonly platforms: readonly string[];
  readonly builder: string | undefined;
  readonly secrets: readonly BuildSecret[];
  readonly annotations: readonly string[];
  readonly push: boolean;
  readonly load: boolean;
  readonly cacheFrom: readonly CacheSpec[];
  readonly cacheTo: readonly CacheSpec[];
  readonly noCache: boolean;
  readonly pull: boolean;
  /** `true`, `false`, or attributes such as `mode=max`. */
  readonly provenance: string;
  readonly sbom: string;
  /** Seconds since 1970 that every time stamp of the image is set to; undefined: the time of the build. */
  readonly epoch: string | undefined;
}

/** A request with the names and labels that the plan gave it. The first reference is the one deployed. */
export interface NamedBuild extends BuildRequest {
  readonly references: readonly Reference[];
  readonly labels: Readonly<Record<string, string>>;
}

/** What the engine says it made; the registry is asked whether that is so. */
export interface Built {
  /** Of the index where there is one; undefined where nothing was pushed or loaded. */
  readonly digest: string | undefined;
  /** Digest of the image's config; undefined for several platforms. */
  readonly imageId: string | undefined;
  /** As buildx writes it with `--metadata-file`; the same keys from every engine. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** One way to build: args in, image out. */
export interface Engine {
  readonly name: EngineName;
  /** What this engine cannot do of what is asked, by input. */
  faults(request: BuildRequest): readonly InputFault[];
  /**
   * Builds and, where asked to, pushes each reference.
   * Throws ActionError: `build-failed` with the Dockerfile's line, `push-denied`, `error-auth`, `error-network`.
   */
  run(build: NamedBuild, session: Session, context: Context): Promise<Built>;
}
