import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CommandError, type Context, InputError, Secret } from '@deploy-actions/core';
import * as v from 'valibot';

/** How to sign in: a name and a password, or the refresh token that an earlier `docker login` left. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: Secret }
  | { readonly kind: 'token'; readonly token: Secret };

const dockerConfig = v.looseObject({
  auths: v.optional(
    v.record(v.string(), v.looseObject({ auth: v.optional(v.string()), identitytoken: v.optional(v.string()) })),
  ),
  credHelpers: v.optional(v.record(v.string(), v.string())),
  credsStore: v.optional(v.string()),
});
export type DockerConfig = v.InferOutput<typeof dockerConfig>;

const helperAnswer = v.object({ Username: v.string(), Secret: v.string() });

/** The folder of docker's own configuration: `DOCKER_CONFIG`, else `~/.docker`. */
export function dockerFolder(env: Context['env']): string {
  return env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker');
}

/** docker's own configuration; empty where there is none. Throws InputError where it is no JSON. */
export async function readDockerConfig(file: string): Promise<DockerConfig> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return {};
  }
  try {
    return v.parse(dockerConfig, JSON.parse(text));
  } catch {
    throw new InputError([
      { input: 'password', message: `not given, and ${file}, which docker signs in with, is not valid JSON` },
    ]);
  }
}

/** The key under which docker keeps a registry's account. */
export function accountKey(host: string): string {
  return host === 'docker.io' ? 'https://index.docker.io/v1/' : host;
}

/**
 * The account that docker or podman would use for `host`: `REGISTRY_AUTH_FILE`, else docker's config with its credential helpers.
 * Undefined: none, so the registry is asked anonymously. A helper that fails counts as none, as it does for docker.
 */
export async function storedCredentials(
  host: string,
  context: Pick<Context, 'env' | 'programs' | 'signal' | 'redactor'>,
): Promise<Credentials | undefined> {
  const file = context.env.REGISTRY_AUTH_FILE || join(dockerFolder(context.env), 'config.json');
  const config = await readDockerConfig(file);
  const key = accountKey(host);
  const helper = config.credHelpers?.[host] ?? config.credsStore;
  if (helper !== undefined && helper !== '') return await askHelper(helper, key, context);
  const entry = config.auths?.[key] ?? config.auths?.[host] ?? config.auths?.[`https://${host}`];
  if (entry?.identitytoken) return remembered({ kind: 'token', token: new Secret(entry.identitytoken) }, context);
  const [username, ...password] = Buffer.from(entry?.auth ?? '', 'base64')
    .toString()
    .split(':');
  if (!username || password.length === 0) return undefined;
  return remembered({ kind: 'password', username, password: new Secret(password.join(':')) }, context);
}

async function askHelper(
  helper: string,
  key: string,
  context: Pick<Context, 'env' | 'programs' | 'signal' | 'redactor'>,
): Promise<Credentials | undefined> {
  try {
    const { stdout } = await context.programs.run(`docker-credential-${helper}`, ['get'], {
      input: key,
      quiet: true,
      signal: context.signal,
    });
    const answer = v.parse(helperAnswer, JSON.parse(stdout));
    const secret = new Secret(answer.Secret);
    return remembered(
      answer.Username === '<token>'
        ? { kind: 'token', token: secret }
        : { kind: 'password', username: answer.Username, password: secret },
      context,
    );
  } catch (error) {
    if (error instanceof CommandError || error instanceof SyntaxError || v.isValiError(error)) return undefined;
    throw error;
  }
}

function remembered(credentials: Credentials, context: Pick<Context, 'redactor'>): Credentials {
  context.redactor.add(credentials.kind === 'token' ? credentials.token : credentials.password);
  return credentials;
}
