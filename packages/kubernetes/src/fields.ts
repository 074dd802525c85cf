import { Secret } from '@deploy-actions/core';
import { isRecord, type KubeObject, type Metadata } from './objects.ts';

/** A set of fields as managedFields has it (`fieldsV1`): keys `f:name`, `k:{"name":"api"}`, `v:"x"`, `i:0`, and `.` for the thing itself. */
export interface FieldSet {
  readonly [key: string]: FieldSet;
}

export type ManagedFieldsEntry = NonNullable<Metadata['managedFields']>[number];

/** All that these managers own together. Entries of subresources (status, scale) don't count. */
export function ownedBy(object: KubeObject, owns: (entry: ManagedFieldsEntry) => boolean): FieldSet {
  return (object.metadata.managedFields ?? [])
    .filter((entry) => !entry.subresource && owns(entry))
    .map((entry) => (entry.fieldsV1 ?? {}) as FieldSet)
    .reduce(union, {});
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const both: Record<string, FieldSet> = { ...a };
  for (const [key, sub] of Object.entries(b)) both[key] = key in both ? union(both[key] ?? {}, sub) : sub;
  return both;
}

/** True where the set holds the field at this path of names, for example `['spec', 'replicas']`. */
export function holdsField(fields: FieldSet, path: readonly string[]): boolean {
  let at: FieldSet | undefined = fields;
  for (const name of path) at = at?.[`f:${name}`];
  return at !== undefined;
}

/**
 * The part of an object that a field set covers: what its owner would apply to leave the object as it is. Always has apiVersion,
 * kind, and the name; list items come in the object's order.
 */
export function extract(object: KubeObject, fields: FieldSet): KubeObject {
  const { 'f:metadata': metadata = {}, ...rest } = fields;
  return {
    ...extractFields(object, rest),
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      ...extractFields(object.metadata, metadata),
      name: object.metadata.name,
      ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
    },
  };
}

function extractValue(value: unknown, fields: FieldSet): unknown {
  const keys = Object.keys(fields).filter((key) => key !== '.');
  // A leaf: the owner has the whole value. Wrapped secrets are leaves too, whatever the set says.
  if (value instanceof Secret || (keys.length === 0 && !('.' in fields))) return value;
  if (Array.isArray(value)) return extractItems(value, fields, keys);
  return isRecord(value) ? extractFields(value, fields) : value;
}

function extractFields(value: object, fields: FieldSet): Record<string, unknown> {
  const known = new Map<string, unknown>(Object.entries(value));
  const owned = Object.keys(fields).filter((key) => key.startsWith('f:') && known.get(key.slice(2)) !== undefined);
  return Object.fromEntries(
    owned.map((key) => [key.slice(2), extractValue(known.get(key.slice(2)), fields[key] ?? {})]),
  );
}

function extractItems(items: readonly unknown[], fields: FieldSet, keys: readonly string[]): unknown[] {
  return items.flatMap((item, index) => {
    const owned = keys.find((key) => selects(key, item, index));
    return owned === undefined ? [] : [extractValue(item, fields[owned] ?? {})];
  });
}

function selects(key: string, item: unknown, index: number): boolean {
  const text = key.slice(2);
  if (key.startsWith('i:')) return Number(text) === index;
  const wanted: unknown = JSON.parse(text);
  if (key.startsWith('v:')) return item === wanted;
  return isRecord(wanted) && isRecord(item) && Object.entries(wanted).every(([name, value]) => item[name] === value);
}
