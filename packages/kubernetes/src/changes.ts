import type { Place } from '@deploy-actions/core';
import { ApiError } from './answers.ts';
import type { KubeClient } from './client.ts';
import { pathOf, type Resource } from './discovery.ts';
import { adoptedEntries, predecessorsOf } from './managers.ts';
import { displayName, type KubeObject, type ObjectRef, refOf } from './objects.ts';
import { getObject } from './read.ts';

// The one module that changes the cluster: every request here that is no GET, and no such request anywhere else.

export interface ApplyOptions {
  /** The field manager; see managers.ts. */
  readonly manager: string;
  /** Take fields that other managers own with other values. */
  readonly force: boolean;
  /** The API server does all but store it: admission, defaults, schema. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  readonly place?: Place;
}

/**
 * Server-side apply of one object. Answers with the object as it then is.
 * @throws ApiError `conflict`, `invalid-manifest`, `immutable`, `quota`, `admission-denied`, `error-auth`, `error-network`
 */
export async function applyObject(
  client: KubeClient,
  resource: Resource,
  object: KubeObject,
  options: ApplyOptions,
): Promise<KubeObject> {
  const ref = refOf(object);
  return await client.json<KubeObject>({
    method: 'PATCH',
    path: pathOf(resource, ref.namespace, ref.name),
    query: {
      fieldManager: options.manager,
      force: options.force,
      fieldValidation: 'Strict',
      dryRun: options.dryRun ? 'All' : undefined,
    },
    contentType: 'application/apply-patch+yaml',
    body: object,
    signal: options.signal,
    doing: `${options.dryRun ? 'validate' : 'apply'} ${displayName(ref)}`,
    place: { ...options.place, resource: displayName(ref) },
  });
}

/**
 * Moves the fields of kubectl's managers over to ours, without touching the object itself; does nothing where there are none.
 * Tries again when someone else wrote in between.
 */
export async function adoptFields(
  client: KubeClient,
  resource: Resource,
  ref: ObjectRef,
  manager: string,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const live = await getObject(client, resource, ref.namespace, ref.name, signal);
    if (live === undefined || predecessorsOf(live).length === 0) return;
    try {
      await client.json({
        method: 'PATCH',
        path: pathOf(resource, ref.namespace, ref.name),
        contentType: 'application/json-patch+json',
        body: [
          { op: 'replace', path: '/metadata/managedFields', value: adoptedEntries(live, manager) },
          { op: 'replace', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
        ],
        signal,
        doing: `take over the fields of ${displayName(ref)} from ${predecessorsOf(live).join(', ')}`,
      });
      return;
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 409 && attempt < 5)) throw error;
    }
  }
}

/** Deletes an object in the background; where it is gone already, or is another one by now (`uid`), nothing happens. */
export async function deleteObject(
  client: KubeClient,
  resource: Resource,
  ref: ObjectRef,
  uid: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  try {
    await client.text({
      method: 'DELETE',
      path: pathOf(resource, ref.namespace, ref.name),
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      },
      signal,
      doing: `delete ${displayName(ref)}`,
    });
  } catch (error) {
    if (!(error instanceof ApiError && (error.status === 404 || error.status === 409))) throw error;
  }
}

/**
 * Writes a whole object: creates it where it has no resourceVersion, else replaces exactly that version.
 * @throws ApiError with status 409 where someone else was first
 */
export async function writeObject<T extends { readonly metadata: KubeObject['metadata'] }>(
  client: KubeClient,
  resource: Resource,
  object: T,
  signal: AbortSignal,
): Promise<T> {
  const { namespace, name, resourceVersion } = object.metadata;
  const creates = resourceVersion === undefined;
  return await client.json<T>({
    method: creates ? 'POST' : 'PUT',
    path: pathOf(resource, namespace, creates ? undefined : name),
    body: object,
    signal,
    doing: `write ${resource.kind}/${name}`,
  });
}
