import { ActionError } from '@deploy-actions/core';
import * as v from 'valibot';
import { ApiError } from './answers.ts';
import { writeObject } from './changes.ts';
import type { KubeClient } from './client.ts';
import { BUILT_IN } from './discovery.ts';
import type { ConfigMap } from './objects.ts';
import { getObject } from './read.ts';

const KEPT = 10;
const KEY = 'record.json';

const entrySchema = v.object({
  revision: v.number(),
  /** SHA-256 over all objects as they were sent. */
  hash: v.string(),
  /** `deploying` that nobody ended is a run that was killed. */
  verdict: v.picklist(['deploying', 'succeeded', 'failed', 'timed-out', 'cancelled']),
  reason: v.optional(v.string()),
  /** The release that was there before runs again. */
  rolledBack: v.optional(v.boolean()),
  /** Image references that its pods run. */
  images: v.array(v.string()),
  commit: v.optional(v.string()),
  run: v.optional(v.string()),
  /** When it began, RFC 3339. */
  at: v.string(),
});

const recordSchema = v.object({ version: v.literal(1), release: v.string(), revisions: v.array(entrySchema) });

export type RecordEntry = v.InferOutput<typeof entrySchema>;

/** What a namespace knows about the deployments of one release, newest last. Holds names and digests, never a Secret's value. */
export interface ReleaseRecord {
  readonly release: string;
  readonly namespace: string;
  readonly revisions: readonly RecordEntry[];
  /** The version that a write replaces; undefined where there is no record yet. */
  readonly resourceVersion: string | undefined;
}

/** The ConfigMap's name: `deploy-actions.shop`. */
export function recordName(release: string): string {
  return `deploy-actions.${release}`;
}

/** Reads the record of a release; an empty one where it was never deployed. @throws ActionError `error-auth` where it may not be read */
export async function readRecord(
  client: KubeClient,
  namespace: string,
  release: string,
  signal: AbortSignal,
): Promise<ReleaseRecord> {
  const found = await getObject<ConfigMap>(client, BUILT_IN.ConfigMap, namespace, recordName(release), signal);
  const empty: ReleaseRecord = { release, namespace, revisions: [], resourceVersion: found?.metadata.resourceVersion };
  const text = found?.data?.[KEY];
  if (text === undefined) return empty;
  try {
    return { ...empty, revisions: v.parse(recordSchema, JSON.parse(text)).revisions };
  } catch (cause) {
    throw new ActionError(
      'error-input',
      `the release record ConfigMap/${recordName(release)} in the namespace ${namespace} cannot be read`,
      {
        hint: 'a newer version of these actions may have written it; use that one, or delete the ConfigMap to begin anew',
        cause,
      },
    );
  }
}

/** The newest revision that ran well, which a rollback goes back to. */
export function lastGood(record: ReleaseRecord): RecordEntry | undefined {
  return record.revisions.findLast((entry) => entry.verdict === 'succeeded');
}

/** The number that the next revision gets. */
export function nextRevision(record: ReleaseRecord): number {
  return (record.revisions.at(-1)?.revision ?? 0) + 1;
}

/**
 * Writes one revision, adding it or taking the place of the entry with its number, and only if nobody wrote since `record` was read.
 * @returns the record as it then is
 * @throws ActionError `locked` where another run was first
 */
export async function writeRevision(
  client: KubeClient,
  record: ReleaseRecord,
  entry: RecordEntry,
  signal: AbortSignal,
): Promise<ReleaseRecord> {
  const others = record.revisions.filter((known) => known.revision !== entry.revision);
  const revisions = kept([...others, entry].sort((a, b) => a.revision - b.revision));
  const configMap: ConfigMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: recordName(record.release),
      namespace: record.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'deploy-actions' },
      ...(record.resourceVersion === undefined ? {} : { resourceVersion: record.resourceVersion }),
    },
    data: { [KEY]: JSON.stringify({ version: 1, release: record.release, revisions }) },
  };
  try {
    const written = await writeObject(client, BUILT_IN.ConfigMap, configMap, signal);
    return { ...record, revisions, resourceVersion: written.metadata.resourceVersion };
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
    throw new ActionError(
      'locked',
      `another run changed the release "${record.release}" in the namespace ${record.namespace} meanwhile`,
      {
        hint: 'let that run end, then run this one again; `concurrency:` in the workflow keeps runs apart',
        retryable: true,
        cause: error,
      },
    );
  }
}

/** The last ten, and always the newest good one. */
function kept(revisions: readonly RecordEntry[]): RecordEntry[] {
  const good = revisions.findLast((entry) => entry.verdict === 'succeeded');
  const last = revisions.slice(-KEPT);
  return good === undefined || last.includes(good) ? last : [good, ...last.slice(1)];
}
