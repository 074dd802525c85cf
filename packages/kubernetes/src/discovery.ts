import { ActionError } from '@deploy-actions/core';
import { ApiError } from './answers.ts';
import type { KubeClient } from './client.ts';
import { groupOf, isRecord, type KubeObject } from './objects.ts';

/** How a kind is reached. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  /** `deployments`, as in paths and RBAC rules. */
  readonly plural: string;
  readonly namespaced: boolean;
}

interface ResourceList {
  readonly resources: readonly { name: string; kind: string; namespaced: boolean }[];
}

/** Which resource serves an object's kind. */
export type Resources = ReadonlyMap<string, Resource>;

const kindKey = (object: { apiVersion: string; kind: string }) => `${object.apiVersion}/${object.kind}`;

/** The path of a collection, or of one object where `name` is given. */
export function pathOf(resource: Resource, namespace: string | undefined, name?: string): string {
  const root = groupOf(resource.apiVersion) === '' ? '/api/v1' : `/apis/${resource.apiVersion}`;
  const scope = resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${resource.plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

/** @throws ActionError `invalid-manifest` where the cluster does not serve the object's kind */
export function resourceOf(resources: Resources, object: { apiVersion: string; kind: string }): Resource {
  const resource = resources.get(kindKey(object));
  if (resource !== undefined) return resource;
  throw new ActionError('invalid-manifest', `the cluster knows no kind ${object.kind} in ${object.apiVersion}`, {
    hint: 'install what defines it (a CustomResourceDefinition), or correct apiVersion and kind',
  });
}

/**
 * Learns how the kinds of these objects are reached: one request per group and version that occurs, which every server answers
 * and costs a tenth of the aggregated list. Kinds whose CustomResourceDefinition is among the objects are known from it.
 */
export async function discover(
  client: KubeClient,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<Resources> {
  const found = new Map<string, Resource>();
  const versions = [...new Set(objects.map((object) => object.apiVersion))];
  const lists = await Promise.all(
    versions.map(async (version) => [version, await listOf(client, version, signal)] as const),
  );
  for (const [apiVersion, list] of lists) {
    for (const { name, kind, namespaced } of list.resources) {
      if (name.includes('/')) continue;
      found.set(kindKey({ apiVersion, kind }), { apiVersion, kind, plural: name, namespaced });
    }
  }
  for (const resource of objects.flatMap(definedBy)) {
    if (!found.has(kindKey(resource))) found.set(kindKey(resource), resource);
  }
  return found;
}

async function listOf(client: KubeClient, apiVersion: string, signal: AbortSignal): Promise<ResourceList> {
  const path = groupOf(apiVersion) === '' ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
  try {
    return await client.json<ResourceList>({ path, signal, doing: `ask the API server what ${apiVersion} holds` });
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { resources: [] };
    throw error;
  }
}

/** The kinds that a CustomResourceDefinition will add. */
function definedBy(object: KubeObject): Resource[] {
  if (object.kind !== 'CustomResourceDefinition' || !isRecord(object.spec)) return [];
  const { group, names, scope, versions } = object.spec;
  if (!isRecord(names) || !Array.isArray(versions)) return [];
  return versions.filter(isRecord).map((version) => ({
    apiVersion: `${String(group)}/${String(version.name)}`,
    kind: String(names.kind),
    plural: String(names.plural),
    namespaced: scope === 'Namespaced',
  }));
}

/** Kinds that every cluster has and that are asked for without a manifest. */
export const BUILT_IN = {
  Pod: { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true },
  Event: { apiVersion: 'v1', kind: 'Event', plural: 'events', namespaced: true },
  Secret: { apiVersion: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true },
  ConfigMap: { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true },
  Service: { apiVersion: 'v1', kind: 'Service', plural: 'services', namespaced: true },
  Namespace: { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false },
  ReplicaSet: { apiVersion: 'apps/v1', kind: 'ReplicaSet', plural: 'replicasets', namespaced: true },
  HorizontalPodAutoscaler: {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
    namespaced: true,
  },
} as const satisfies Record<string, Resource>;
