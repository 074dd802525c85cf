import { readFile, stat } from 'node:fs/promises';
import type { Redactor, Secret } from '@deploy-actions/core';

/** A secret of the build, by the id that `RUN --mount=type=secret,id=…` names. */
export type BuildSecret =
  | { readonly id: string; readonly from: 'value'; readonly value: Secret }
  | { readonly id: string; readonly from: 'file'; readonly path: string };

/** A secret as the engines take it: its text in an environment variable of theirs, or a path. Neither shows in the arguments. */
export interface SecretArguments {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, Secret>>;
}

/** `--secret` flags, the same for buildx and buildah, and the environment that holds the values. */
export function secretArguments(secrets: readonly BuildSecret[]): SecretArguments {
  const env: Record<string, Secret> = {};
  const args = secrets.flatMap((secret, at) => {
    if (secret.from === 'file') return ['--secret', `id=${secret.id},src=${secret.path}`];
    const name = `DEPLOY_ACTIONS_BUILD_SECRET_${at}`;
    env[name] = secret.value;
    return ['--secret', `id=${secret.id},env=${name}`];
  });
  return { args, env };
}

/** A file longer than this is a bundle of certificates, not a password; hiding each of its lines would cost minutes. */
const LONGEST_SECRET_FILE = 64 * 1024;

/** A RUN step may print what it was given. Of a file each line is hidden, and what stands behind the `=` of one (.npmrc, .env). */
export async function hideSecrets(secrets: readonly BuildSecret[], redactor: Redactor): Promise<void> {
  for (const secret of secrets) {
    if (secret.from === 'value') redactor.add(secret.value);
    else if ((await stat(secret.path)).size <= LONGEST_SECRET_FILE)
      hideFile(await readFile(secret.path, 'utf8'), redactor);
  }
}

function hideFile(text: string, redactor: Redactor): void {
  redactor.add(text);
  for (const line of text.split('\n')) {
    const value = line.slice(line.indexOf('=') + 1).trim();
    if (value.length >= SHORTEST_VALUE) redactor.add(value);
  }
}

/** `always-auth=true` is no secret. */
const SHORTEST_VALUE = 8;
