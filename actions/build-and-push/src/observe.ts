import { readFile } from 'node:fs/promises';
import { type Context, InputError, type InputFault } from '@deploy-actions/core';
import { loopbackHosts } from './dockerfile.ts';
import { findEngine } from './engines/detect.ts';
import type { BuildRequest, Engine } from './engines/engine.ts';
import { readGitFacts } from './event.ts';
import type { GitFacts } from './git.ts';
import type { Inputs } from './inputs.ts';
import { type Naming, readNaming } from './names.ts';
import { storedCredentials } from './registry/credentials.ts';
import { isLoopback, type Reference } from './registry/reference.ts';
import { listTags } from './registry/registry.ts';
import { RegistrySession } from './registry/session.ts';
import { readRequest } from './request.ts';
import { hideSecrets } from './secrets.ts';
import type { Login } from './session.ts';
import { UnknownExpression } from './tags/expression.ts';
import { type GeneratedTags, generateTags } from './tags/generate.ts';
import { isOvertaken } from './tags/versions.ts';

/** All that the plan is made from. */
export interface Observed {
  readonly request: BuildRequest;
  readonly naming: Naming;
  readonly generated: GeneratedTags;
  readonly git: GitFacts;
  readonly engine: Engine;
  readonly login: Login | undefined;
  /** One a repository, signed in; empty where nothing is pushed. */
  readonly sessions: readonly RegistrySession[];
  /** The higher version that the registry already has, which keeps `latest`. */
  readonly overtakenBy: string | undefined;
  /** Registries on this machine that the build may touch. */
  readonly loopback: readonly string[];
}

/** Checks all inputs together, then looks for an engine and asks the registry who we are, so that nothing is built in vain. */
export async function observe(inputs: Inputs, context: Context): Promise<Observed> {
  const { naming, faults: namingFaults } = readNaming(inputs);
  const { request, faults: requestFaults } = readRequest(inputs, context);
  const git = await readGitFacts(context, new Date());
  const faults: InputFault[] = [...namingFaults, ...requestFaults];
  const generated = await tagsFor(naming, git, faults);
  if (generated !== undefined && faults.length === 0 && generated.tags.length + naming.references.length === 0) {
    faults.push({
      input: 'tags',
      message: `no rule fits this run (event ${git.event || 'none'}, ref ${git.ref || 'none'})`,
      accepted: 'type=sha, which always fits, or a plain tag',
    });
  }
  const login = readLogin(inputs, naming, context, faults);
  if (generated === undefined || faults.length > 0) throw new InputError(faults);
  await hideSecrets(request.secrets, context.redactor);
  const engine = await findEngine(inputs.engine, request.builder, context);
  const engineFaults = engine.faults(request);
  if (engineFaults.length > 0) throw new InputError(engineFaults);
  for (const warning of generated.warnings) context.log.warning(warning);
  const sessions = inputs.push ? await signIn([...naming.repositories, ...naming.references], login, context) : [];
  return {
    request,
    naming,
    generated,
    git,
    engine,
    login,
    sessions,
    overtakenBy: await higherVersion(naming, generated, sessions),
    loopback: await loopbackOf(request, naming),
  };
}

async function tagsFor(naming: Naming, git: GitFacts, faults: InputFault[]): Promise<GeneratedTags | undefined> {
  try {
    return await generateTags(naming.rules, naming.flavor, git);
  } catch (error) {
    if (error instanceof UnknownExpression)
      faults.push({
        input: 'tags',
        message: error.message,
        accepted: error.known.map((name) => `{{${name}}}`).join(', '),
      });
    else if (error instanceof SyntaxError)
      faults.push({ input: 'tags', message: error.message, accepted: 'a regular expression of JavaScript' });
    else throw error;
    return undefined;
  }
}

/** The account given goes to the first image's registry alone; the others' accounts come from docker's own config. */
function readLogin(inputs: Inputs, naming: Naming, context: Context, faults: InputFault[]): Login | undefined {
  const host = (naming.repositories[0] ?? naming.references[0])?.host;
  if (inputs.password === undefined || host === undefined) {
    if (inputs.username !== undefined && inputs.password === undefined)
      faults.push({
        input: 'password',
        message: 'is missing, while `username` is given',
        accepted: 'both, or neither to use docker’s own config',
      });
    return undefined;
  }
  const username = inputs.username ?? context.runner.actor;
  if (username === undefined)
    faults.push({
      input: 'username',
      message: 'is missing, and no `github.actor` is known',
      accepted: 'the account that the password is of',
    });
  return { host, username: username ?? '', password: inputs.password };
}

async function signIn(
  references: readonly Reference[],
  login: Login | undefined,
  context: Context,
): Promise<readonly RegistrySession[]> {
  const byRepository = new Map(references.map((reference) => [reference.repository, reference]));
  return await Promise.all(
    [...byRepository.values()].map(async (reference) => {
      const credentials =
        reference.host === login?.host
          ? ({ kind: 'password', ...login } as const)
          : await storedCredentials(reference.host, context);
      const session = new RegistrySession(reference, credentials, 'pull,push', context);
      await session.signIn();
      return session;
    }),
  );
}

/** metadata-action gives `latest` to whatever was released last; a fix of an old major must not take it from the newest. */
async function higherVersion(
  naming: Naming,
  generated: GeneratedTags,
  sessions: readonly RegistrySession[],
): Promise<string | undefined> {
  const [session] = sessions;
  if (
    session === undefined ||
    generated.latest === undefined ||
    naming.flavor.latest !== 'auto' ||
    generated.release === undefined
  )
    return undefined;
  return await isOvertaken(generated.release, await listTags(session));
}

async function loopbackOf(request: BuildRequest, naming: Naming): Promise<readonly string[]> {
  const named = [...naming.repositories, ...naming.references].map((reference) => reference.host).filter(isLoopback);
  const caches = [...request.cacheFrom, ...request.cacheTo].map((cache) => cache.attributes.ref ?? '');
  const texts = [
    await readFile(request.file, 'utf8'),
    ...caches,
    ...Object.values(request.buildArgs),
    ...Object.values(request.buildContexts),
  ];
  return [...new Set([...named, ...texts.flatMap(loopbackHosts)])];
}
