import type { Engine, NamedBuild } from './engines/engine.ts';
import type { Inputs } from './inputs.ts';
import { imageLabels } from './labels.ts';
import type { Observed } from './observe.ts';
import type { Reference } from './registry/reference.ts';
import type { RegistrySession } from './registry/session.ts';
import type { Login } from './session.ts';

/** What will be built and what it will be called, with the means: as JSON an engine is its name, a session its repository, a password `***`. */
export interface Plan {
  readonly engine: Engine;
  readonly login: Login | undefined;
  readonly sessions: readonly RegistrySession[];
  readonly loopback: readonly string[];
  readonly build: NamedBuild;
  readonly version: string;
  /** What manifests call the image, where it isn't its repository. */
  readonly name: string | undefined;
  /** Why `latest` is not given although the rules ask for it. */
  readonly keptLatest: string | undefined;
}

/** Puts names and labels to the build. The highest rule's tag on the first image is the one deployed. */
export function plan(inputs: Inputs, observed: Observed): Plan {
  const { generated, naming, request, git, overtakenBy } = observed;
  const latest = overtakenBy === undefined ? generated.latest : undefined;
  const tags = [...generated.tags, ...(latest === undefined || generated.tags.includes(latest) ? [] : [latest])];
  const byRule = naming.repositories.flatMap((repository) => tags.map((tag): Reference => ({ ...repository, tag })));
  const references = unique([...byRule, ...naming.references]);
  const version = generated.version ?? references[0]?.tag ?? '';
  return {
    engine: observed.engine,
    login: observed.login,
    sessions: observed.sessions,
    loopback: observed.loopback,
    build: {
      ...request,
      references,
      labels: Object.fromEntries(imageLabels(git, version, request.epoch, inputs.labels)),
    },
    version,
    name: inputs.name,
    keptLatest: generated.latest !== undefined && overtakenBy !== undefined ? overtakenBy : undefined,
  };
}

function unique(references: readonly Reference[]): readonly Reference[] {
  return [...new Map(references.map((reference) => [`${reference.repository}:${reference.tag}`, reference])).values()];
}

/** The plan as lines of the log. */
export function describe({ build, engine, keptLatest }: Plan): readonly string[] {
  const platforms = build.platforms.length === 0 ? '' : ` for ${build.platforms.join(', ')}`;
  return [
    `build ${build.context} with ${engine.name}${platforms}`,
    ...build.references.map(
      (reference) => `${build.push ? 'push' : 'name it'} ${reference.repository}:${reference.tag}`,
    ),
    ...(keptLatest === undefined ? [] : [`leave latest with ${keptLatest}, which is higher`]),
  ];
}
