import type {
  CoreV1Event,
  V1ConfigMap,
  V1DaemonSet,
  V1Deployment,
  V1Job,
  V1ObjectMeta,
  V1Pod,
  V1PodSpec,
  V1ReplicaSet,
  V1Secret,
  V1Service,
  V1StatefulSet,
} from '@kubernetes/client-node';

/** A type of the generated client as it is on the wire: there times are RFC 3339 texts, not Dates. */
type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T;

/** The types of the generated client leave even `metadata.name` optional; what the API server answers has it. */
type Answered<T> = Omit<Wire<T>, 'metadata' | 'apiVersion' | 'kind'> & {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
};

export type Metadata = Omit<Wire<V1ObjectMeta>, 'name'> & { name: string };
export type Pod = Answered<V1Pod>;
export type PodSpec = Wire<V1PodSpec>;
export type ReplicaSet = Answered<V1ReplicaSet>;
export type Deployment = Answered<V1Deployment>;
export type StatefulSet = Answered<V1StatefulSet>;
export type DaemonSet = Answered<V1DaemonSet>;
export type Job = Answered<V1Job>;
export type Service = Answered<V1Service>;
export type ConfigMap = Answered<V1ConfigMap>;
export type SecretObject = Answered<V1Secret>;
export type ClusterEvent = Answered<CoreV1Event>;

/** Any object of any kind, as JSON. Values of Secrets inside are `Secret`s of the core, never plain text (see hidden.ts). */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  spec?: unknown;
  status?: unknown;
  [field: string]: unknown;
}

/** What names an object within one cluster. `namespace` is undefined for cluster-scoped kinds. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

export function refOf(object: KubeObject): ObjectRef {
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace: object.metadata.namespace,
    name: object.metadata.name,
  };
}

/** `apps` of `apps/v1`, and the empty text of the core's `v1`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** A key that two names of the same object share, whatever version of its API they use. */
export function keyOf(ref: ObjectRef): string {
  return `${groupOf(ref.apiVersion)}/${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;
}

/** `Deployment/api`, as outputs, logs and errors name an object. */
export function displayName(ref: { readonly kind: string; readonly name: string }): string {
  return `${ref.kind}/${ref.name}`;
}

/** True for a JSON object, false for lists, texts, numbers and null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
