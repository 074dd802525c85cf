import type { Secret } from '@deploy-actions/core';

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
