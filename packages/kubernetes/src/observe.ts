import { ActionError, type Place } from '@deploy-actions/core';
import { ApiError } from './answers.ts';
import { applyObject } from './changes.ts';
import type { KubeClient } from './client.ts';
import { concurrently } from './concurrently.ts';
import { diffObjects } from './diff.ts';
import { BUILT_IN, discover, type Resource, type Resources, resourceOf } from './discovery.ts';
import { placeOfFault } from './fault-place.ts';
import { extract } from './fields.ts';
import { hideValues, isSecretObject } from './hidden.ts';
import { isSynced, ourFields, predecessorsOf } from './managers.ts';
import type { Manifest } from './manifests.ts';
import { displayName, type KubeObject, refOf } from './objects.ts';
import { getObject, listObjects } from './read.ts';
import { scales, withLiveReplicas } from './replicas.ts';

const AT_ONCE = 8;

/** One object of the manifests beside what the cluster has of it. */
export interface ObservedObject {
  readonly manifest: Manifest;
  /** As it will be sent: its namespace filled in, values of Secrets wrapped, replicas left to an autoscaler. */
  readonly object: KubeObject;
  readonly resource: Resource;
  readonly live: KubeObject | undefined;
  /** What the API server would make of it; undefined where nothing would change, or where it cannot be asked yet. */
  readonly preview: KubeObject | undefined;
  /** Managers whose fields we take over. */
  readonly adopts: readonly string[];
  /** sync-secrets looks after this Secret; what the manifest has is a template that must not go over the real values. */
  readonly synced: boolean;
  readonly autoscaled: boolean;
}

export interface ObserveOptions {
  readonly manager: string;
  /** For objects that name none. */
  readonly namespace: string;
  readonly force: boolean;
  /** False: only look, don't have the API server validate. */
  readonly validate: boolean;
  readonly signal: AbortSignal;
}

/**
 * Reads the live object of each manifest and has the API server validate what differs, without storing anything: whether we may, whether
 * it fits, whether it conflicts is known before the first change.
 * @throws ActionError all refusals together under the first one's reason
 */
export async function observeObjects(
  client: KubeClient,
  manifests: readonly Manifest[],
  options: ObserveOptions,
): Promise<ObservedObject[]> {
  const resources = await discover(
    client,
    manifests.map((manifest) => manifest.object),
    options.signal,
  );
  const placed = manifests.map((manifest) => inNamespace(manifest, resources, options.namespace));
  await refuseMissingNamespaces(
    client,
    placed.map((entry) => entry.object),
    options.signal,
  );
  const autoscalers = await findAutoscalers(
    client,
    placed.map((entry) => entry.object),
    options.signal,
  );
  const refusals: ActionError[] = [];
  const observed = await concurrently(placed, AT_ONCE, async ({ manifest, object, resource }) => {
    try {
      return await observeOne(
        client,
        { manifest, object, resource },
        autoscalers,
        placed.map((entry) => entry.object),
        options,
      );
    } catch (error) {
      // A server that is away, or a cancelled run, is no verdict on one object.
      if (!(error instanceof ApiError) || error.reason === 'error-network') throw error;
      refusals.push(error);
      return undefined;
    }
  });
  if (refusals.length > 0) throw allRefusals(refusals);
  return observed.filter((entry) => entry !== undefined);
}

function inNamespace(manifest: Manifest, resources: Resources, namespace: string) {
  const resource = resourceFor(manifest, resources);
  const { namespace: own, ...metadata } = manifest.object.metadata;
  const object = hideValues({
    ...manifest.object,
    metadata: resource.namespaced ? { ...metadata, namespace: own ?? namespace } : metadata,
  });
  return { manifest, object, resource };
}

function resourceFor(manifest: Manifest, resources: Resources): Resource {
  try {
    return resourceOf(resources, manifest.object);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    const place: Place = { ...manifest.place, resource: displayName(refOf(manifest.object)) };
    throw new ActionError(error.reason, error.message, { hint: error.hint, place });
  }
}

/** Namespaces that neither the cluster nor the manifests have. Accounts that may not read them learn it from the first refusal. */
async function refuseMissingNamespaces(
  client: KubeClient,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<void> {
  const made = new Set(objects.filter((object) => object.kind === 'Namespace').map((object) => object.metadata.name));
  const used = new Set(objects.flatMap((object) => object.metadata.namespace ?? []).filter((name) => !made.has(name)));
  for (const name of used) await requireNamespace(client, name, signal);
}

/** @throws ActionError `error-input` where the namespace does not exist */
export async function requireNamespace(client: KubeClient, name: string, signal: AbortSignal): Promise<void> {
  try {
    if ((await getObject(client, BUILT_IN.Namespace, undefined, name, signal)) !== undefined) return;
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return;
    throw error;
  }
  throw new ActionError(
    'error-input',
    `the namespace "${name}" does not exist in the cluster of context "${client.access.context}"`,
    {
      hint: 'create it, correct `namespace`, or add a Namespace object to the manifests',
    },
  );
}

async function findAutoscalers(
  client: KubeClient,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<KubeObject[]> {
  const scaled = objects.filter((object) => object.kind === 'Deployment' || object.kind === 'StatefulSet');
  const namespaces = new Set(scaled.flatMap((object) => object.metadata.namespace ?? []));
  const lists = await Promise.all(
    [...namespaces].map((namespace) => listObjects(client, BUILT_IN.HorizontalPodAutoscaler, namespace, signal)),
  );
  return lists.flatMap((list) => list.items);
}

async function observeOne(
  client: KubeClient,
  wanted: { manifest: Manifest; object: KubeObject; resource: Resource },
  autoscalers: readonly KubeObject[],
  all: readonly KubeObject[],
  options: ObserveOptions,
): Promise<ObservedObject> {
  const { manifest, resource } = wanted;
  const ref = refOf(wanted.object);
  const live = await getObject(client, resource, ref.namespace, ref.name, options.signal);
  const autoscaled = [...autoscalers, ...all].some((candidate) => scales(candidate, wanted.object));
  const object = autoscaled ? withLiveReplicas(wanted.object, live, options.manager) : wanted.object;
  const synced = live !== undefined && isSecretObject(object) && isSynced(live);
  const adopts = live === undefined ? [] : predecessorsOf(live);
  const base = { manifest, object, resource, live, adopts, synced, autoscaled };
  if (synced || !options.validate || (live !== undefined && isApplied(live, object, options.manager, adopts))) {
    return { ...base, preview: undefined };
  }
  return { ...base, preview: await preview(client, base, all, options) };
}

/** True where what we own of the live object is exactly what we would send: then nothing needs to be asked or written. */
function isApplied(live: KubeObject, object: KubeObject, manager: string, adopts: readonly string[]): boolean {
  return adopts.length === 0 && diffObjects(extract(live, ourFields(live, manager)), object).length === 0;
}

async function preview(
  client: KubeClient,
  wanted: Pick<ObservedObject, 'manifest' | 'object' | 'resource' | 'adopts'>,
  all: readonly KubeObject[],
  options: ObserveOptions,
): Promise<KubeObject | undefined> {
  const { manifest, object, resource } = wanted;
  const send = (force: boolean) => {
    const { manager, signal } = options;
    return applyObject(client, resource, object, { manager, force, dryRun: true, signal, place: manifest.place });
  };
  try {
    return await send(options.force);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // What this same release is about to make cannot be asked for yet.
    if (error.status === 404 && comesFirst(object, all)) return undefined;
    // Once their fields are ours, the managers that we take over from do not object.
    if (error.conflicts.length > 0 && error.conflicts.every((conflict) => wanted.adopts.includes(conflict.manager))) {
      return await send(true);
    }
    throw placeOfFault(error, manifest);
  }
}

/** True where the object's namespace or kind is made by another object of the same manifests. */
function comesFirst(object: KubeObject, all: readonly KubeObject[]): boolean {
  return all.some(
    (other) =>
      (other.kind === 'Namespace' && other.metadata.name === object.metadata.namespace) ||
      other.kind === 'CustomResourceDefinition',
  );
}

function allRefusals(refusals: readonly ActionError[]): ActionError {
  const [first] = refusals;
  if (first === undefined || refusals.length === 1)
    return first ?? new ActionError('error-internal', 'nothing was refused', { hint: 'report this' });
  const list = refusals.map((refusal) => `  ${refusal.message}`).join('\n');
  return new ActionError(first.reason, `${refusals.length} objects are refused, nothing was changed:\n${list}`, {
    hint: first.hint,
    place: first.place,
    cause: first,
  });
}
