import { Secret } from '@deploy-actions/core';
import { isRecord, type KubeObject } from './objects.ts';
import { sameQuantity } from './quantity.ts';

/** One field that differs. Values are undefined where there is none; those of Secrets stay wrapped and print as `***`. */
export interface FieldChange {
  /** `spec.template.spec.containers[api].image` */
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What the API server fills in by itself, and what says nothing about the wish. */
const SERVER_METADATA = new Set([
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
  'selfLink',
  'namespace',
  'name',
]);

/** By which of their fields list items are told apart, the first that all items have and that is different in each. */
const ITEM_KEYS = ['name', 'key', 'containerPort', 'port', 'mountPath', 'ip', 'host', 'type'];

/**
 * What changes between an object as it is and as it will be, field by field. Status and what the server keeps for itself are left out;
 * quantities are compared by amount, and lists with names by name.
 */
export function diffObjects(before: KubeObject | undefined, after: KubeObject | undefined): FieldChange[] {
  const changes: FieldChange[] = [];
  compare(comparable(before), comparable(after), '', changes);
  return changes;
}

function comparable(object: KubeObject | undefined): unknown {
  if (object === undefined) return {};
  const { status: _status, metadata, ...rest } = object;
  const kept = Object.entries(metadata).filter(([key]) => !SERVER_METADATA.has(key));
  return { ...rest, ...(kept.length === 0 ? {} : { metadata: Object.fromEntries(kept) }) };
}

function compare(before: unknown, after: unknown, field: string, changes: FieldChange[]): void {
  if (isAbsent(before) && isAbsent(after)) return;
  if (before instanceof Secret && after instanceof Secret) {
    if (before.reveal() !== after.reveal()) changes.push({ field, before, after });
  } else if (isPlain(before) && isPlain(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const key of keys) compare(before[key], after[key], field === '' ? key : `${field}.${key}`, changes);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    compareLists(before, after, field, changes);
  } else if (before !== after && !sameQuantity(field, before, after)) {
    changes.push({ field, before, after });
  }
}

function compareLists(
  before: readonly unknown[],
  after: readonly unknown[],
  field: string,
  changes: FieldChange[],
): void {
  const key = ITEM_KEYS.find((candidate) => tellsApart(before, candidate) && tellsApart(after, candidate));
  if (key === undefined) {
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      compare(before[index], after[index], `${field}[${index}]`, changes);
    }
    return;
  }
  const byKey = (items: readonly unknown[]) =>
    new Map(items.map((item) => [isRecord(item) ? item[key] : undefined, item]));
  const [old, young] = [byKey(before), byKey(after)];
  for (const name of new Set([...old.keys(), ...young.keys()])) {
    compare(old.get(name), young.get(name), `${field}[${String(name)}]`, changes);
  }
}

function tellsApart(items: readonly unknown[], key: string): boolean {
  const values = items.map((item) => (isRecord(item) ? item[key] : undefined));
  return values.every((value) => value !== undefined) && new Set(values).size === values.length;
}

/** The API server drops nulls. An empty collection is something else: `ingress: [{}]` lets all in, `ingress: []` nobody. */
function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && !(value instanceof Secret);
}

/** Lines for people, one a field: `~ field: old → new`, `+ field: new`, `- field: old`. Values of Secrets stay hidden. */
export function renderDiff(changes: readonly FieldChange[]): string[] {
  return changes.map(({ field, before, after }) => {
    if (before === undefined) return `+ ${field}: ${print(after)}`;
    if (after === undefined) return `- ${field}: ${print(before)}`;
    return `~ ${field}: ${print(before)} → ${print(after)}`;
  });
}

function print(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}
