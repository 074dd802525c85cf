import type { ReleaseReport } from '@deploy-actions/core';

/** What the answering version is compared with: this release's commit, versions and digests. */
export interface Expected {
  /** For people; empty where the release tells none of them. */
  readonly shown: string;
  holds(found: string): boolean;
}

const SHORTEST_COMMIT = 7;

/** Reads it from the report. A commit holds also where at least its first seven digits answer. */
export function expectedVersion(release: Pick<ReleaseReport, 'commit' | 'images'>): Expected {
  const { commit } = release;
  const images = Object.values(release.images);
  const versions = images.flatMap((image) => image.version ?? []);
  const known = new Set([...versions, ...images.map((image) => image.digest)]);
  const isCommit = (found: string) =>
    commit !== undefined && found.length >= SHORTEST_COMMIT && commit.startsWith(found.toLowerCase());
  const parts = [
    commit === undefined ? [] : [`commit ${commit.slice(0, 12)}`],
    versions.length === 0 ? [] : [`version ${versions.join(' or ')}`],
  ].flat();
  return {
    shown: parts.length === 0 && images.length > 0 ? 'a digest of this release' : parts.join(', '),
    holds: (found) =>
      known.has(found) ||
      known.has(found.replace(/^v/, '')) ||
      isCommit(found) ||
      images.some((image) => found.endsWith(`@${image.digest}`)),
  };
}
