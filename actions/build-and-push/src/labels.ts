import type { GitFacts } from './git.ts';

const PREFIX = 'org.opencontainers.image.';

/**
 * The OCI image annotations as labels, with the user's own laid over them by key.
 * `created` is SOURCE_DATE_EPOCH (seconds) where that is set, so that a reproducible build stays one.
 * Keys: https://github.com/opencontainers/image-spec/blob/main/annotations.md
 */
export function imageLabels(
  git: GitFacts,
  version: string | undefined,
  epoch: string | undefined,
  own: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const created = epoch !== undefined && /^\d+$/.test(epoch) ? new Date(Number(epoch) * 1000).toISOString() : git.now;
  const generated: readonly (readonly [string, string | undefined])[] = [
    ['title', git.repository.name],
    ['description', git.repository.description],
    ['url', git.repository.url],
    ['source', git.repository.url],
    ['licenses', git.repository.licence],
    // What differs from run to run comes last: engines keep a layer for each label, and build anew from the first that is new.
    ['version', version],
    ['revision', git.commit],
    ['created', created],
  ];
  const labels = new Map<string, string>();
  for (const [key, value] of generated) if (value !== undefined && value !== '') labels.set(`${PREFIX}${key}`, value);
  for (const [key, value] of own) labels.set(key, value);
  return labels;
}
