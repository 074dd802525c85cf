import { type FieldSet, holdsField, type ManagedFieldsEntry, ownedBy, union } from './fields.ts';
import type { KubeObject } from './objects.ts';

/** Begins the names of our field managers; the release's name follows. */
const ROLLOUT = 'deploy-actions:';
const SECRETS = 'deploy-actions-secrets:';
/** The API server's limit for the name of a field manager. */
const LONGEST = 128;

/** Under this name deploy-rollout owns fields: one a release, so that two releases cannot take each other's by accident. */
export function rolloutManager(release: string): string {
  return `${ROLLOUT}${release}`.slice(0, LONGEST);
}

/** Under this name sync-secrets owns keys. */
export function secretsManager(release: string): string {
  return `${SECRETS}${release}`.slice(0, LONGEST);
}

/** True where sync-secrets looks after the object: then what a manifest says of its values is only a template. */
export function isSynced(live: KubeObject): boolean {
  return (live.metadata.managedFields ?? []).some((entry) => entry.manager?.startsWith(SECRETS));
}

/**
 * Managers that a manifest was sent by before us. Their fields become ours: to the API server we are someone else, so what the manifest
 * no longer has would otherwise stay in the object for good (the rule of client-go's csaupgrade).
 */
const PREDECESSORS = new Set(['kubectl-client-side-apply', 'kubectl-create', 'kubectl-replace']);

function isPredecessor(entry: ManagedFieldsEntry): boolean {
  return entry.operation === 'Update' && !entry.subresource && PREDECESSORS.has(entry.manager ?? '');
}

function isOurs(manager: string): (entry: ManagedFieldsEntry) => boolean {
  return (entry) => entry.manager === manager && entry.operation === 'Apply' && !entry.subresource;
}

/** Names of the managers whose fields we would take over from this object. */
export function predecessorsOf(live: KubeObject): string[] {
  return [...new Set((live.metadata.managedFields ?? []).filter(isPredecessor).map((entry) => entry.manager ?? ''))];
}

/** The fields that are ours, or become ours by adopting. */
export function ourFields(live: KubeObject, manager: string): FieldSet {
  return ownedBy(live, (entry) => isOurs(manager)(entry) || isPredecessor(entry));
}

/** True where someone other than us and those we adopt from owns the field, through whatever subresource. */
export function othersOwn(live: KubeObject, manager: string, path: readonly string[]): boolean {
  return (live.metadata.managedFields ?? []).some(
    (entry) => !isOurs(manager)(entry) && !isPredecessor(entry) && holdsField((entry.fieldsV1 ?? {}) as FieldSet, path),
  );
}

/** managedFields as they are after adopting: the predecessors' entries merged into ours. */
export function adoptedEntries(live: KubeObject, manager: string): ManagedFieldsEntry[] {
  const entries = live.metadata.managedFields ?? [];
  const taken = entries.filter((entry) => isPredecessor(entry) || isOurs(manager)(entry));
  const newest = taken.at(-1);
  if (newest === undefined) return [...entries];
  const fieldsV1 = taken.map((entry) => (entry.fieldsV1 ?? {}) as FieldSet).reduce(union, {});
  return [...entries.filter((entry) => !taken.includes(entry)), { ...newest, manager, operation: 'Apply', fieldsV1 }];
}
