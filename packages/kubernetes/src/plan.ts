import { diffObjects, type FieldChange, renderDiff } from './diff.ts';
import type { Resource } from './discovery.ts';
import { extract, type FieldSet, union } from './fields.ts';
import { ourFields } from './managers.ts';
import type { SourcePlace } from './manifests.ts';
import { isRecord, type KubeObject, type ObjectRef, refOf } from './objects.ts';
import type { ObservedObject } from './observe.ts';
import { type Places, placesOf } from './places.ts';

export type ChangeKind =
  | 'create'
  | 'update'
  | 'unchanged'
  /** Left to sync-secrets, which looks after its values. */
  | 'left';

/** What is to be done to one object. Serialisable; values of Secrets print as `***`. */
export interface PlannedChange {
  readonly kind: ChangeKind;
  readonly ref: ObjectRef;
  readonly resource: Resource;
  readonly place: SourcePlace;
  /** Lines of the fields that its pods may fail by. */
  readonly places: Places;
  readonly fields: readonly FieldChange[];
  /** Managers whose fields we take over first. */
  readonly adopts: readonly string[];
  readonly autoscaled: boolean;
  /** What is sent. */
  readonly object: KubeObject;
  /** What to send to put it back as it was; undefined where it did not exist. */
  readonly before: KubeObject | undefined;
  /** Generation and uid of the live object. */
  readonly live: { readonly uid: string; readonly generation: number } | undefined;
}

/** Decides for each object whether anything changes: pure, from what was observed. */
export function planChanges(observed: readonly ObservedObject[], manager: string): PlannedChange[] {
  return observed.map((entry) => {
    const { object, live, preview, adopts } = entry;
    const fields = entry.synced ? [] : changedFields(entry, manager);
    const kind: ChangeKind = entry.synced
      ? 'left'
      : live === undefined
        ? 'create'
        : fields.length > 0 || adopts.length > 0
          ? 'update'
          : 'unchanged';
    return {
      kind,
      ref: refOf(object),
      resource: entry.resource,
      place: entry.manifest.place,
      places: placesOf(entry.manifest),
      fields: live === undefined ? diffObjects(undefined, object) : fields,
      adopts,
      autoscaled: entry.autoscaled,
      object,
      before: live === undefined ? undefined : extract(live, restoreFields(live, preview ?? object, manager)),
      live:
        live === undefined ? undefined : { uid: live.metadata.uid ?? '', generation: live.metadata.generation ?? 0 },
    };
  });
}

function changedFields(entry: ObservedObject, manager: string): FieldChange[] {
  const { live, preview, adopts, object } = entry;
  if (live === undefined || preview === undefined) return [];
  const changes = diffObjects(live, preview);
  if (adopts.length === 0) return changes;
  // The preview still has what only kubectl's managers own and the manifest has no longer: it goes once we own it.
  const dropped = diffObjects(extract(live, ourFields(live, manager)), object).filter(
    (change) => change.after === undefined,
  );
  const known = new Set(changes.map((change) => change.field));
  return [...changes, ...dropped.filter((change) => !known.has(change.field))];
}

/**
 * The fields that must be sent to put an object back: those that were ours, and those of the live object that our change touches (with
 * `force-conflicts` they were another's; left out they would vanish).
 */
function restoreFields(live: KubeObject, next: KubeObject, manager: string): FieldSet {
  const touched: Record<string, FieldSet> = {};
  for (const { field, before } of diffObjects(live, next)) {
    if (before === undefined) continue;
    // List items are keyed differently in field sets than in diffs; there the whole list's owner counts, which is ours already.
    if (/[[\]]/.test(field)) continue;
    nest(touched, live, field);
  }
  return union(ourFields(live, manager), touched);
}

/** Names in a diff are joined by dots and may hold dots themselves, so the live object decides where one ends. */
function nest(into: Record<string, FieldSet>, live: KubeObject, field: string): void {
  let at: Record<string, FieldSet> = into;
  let value: unknown = live;
  let rest = field;
  while (rest !== '' && isRecord(value)) {
    const name: string | undefined = Object.keys(value).find((key) => rest === key || rest.startsWith(`${key}.`));
    if (name === undefined) return;
    const next: Record<string, FieldSet> = { ...at[`f:${name}`] };
    at[`f:${name}`] = next;
    at = next;
    value = value[name];
    rest = rest.slice(name.length + 1);
  }
}

/** True where the plan writes anything. */
export function hasChanges(changes: readonly PlannedChange[]): boolean {
  return changes.some((change) => change.kind === 'create' || change.kind === 'update');
}

const SIGNS: Readonly<Record<ChangeKind, string>> = { create: '+', update: '~', unchanged: '=', left: '.' };

/** The plan for people: a line an object, below it a line a changed field. */
export function renderPlan(changes: readonly PlannedChange[]): string[] {
  return changes.flatMap((change) => {
    const name = `${change.ref.namespace === undefined ? '' : `${change.ref.namespace}/`}${change.ref.kind}/${change.ref.name}`;
    const notes = [
      ...(change.adopts.length > 0 ? [`takes over the fields of ${change.adopts.join(', ')}`] : []),
      ...(change.autoscaled ? ['replicas are left to its autoscaler'] : []),
      ...(change.kind === 'left' ? ['left to sync-secrets'] : []),
    ];
    const head = `${SIGNS[change.kind]} ${name}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
    return change.kind === 'update' ? [head, ...renderDiff(change.fields).map((line) => `    ${line}`)] : [head];
  });
}

/** The text of diff.txt: every field of every object that is created or updated. */
export function renderFullDiff(changes: readonly PlannedChange[]): string {
  const lines = changes
    .filter((change) => change.kind === 'create' || change.kind === 'update')
    .flatMap((change) => [
      `${SIGNS[change.kind]} ${change.ref.namespace ?? ''}/${change.ref.kind}/${change.ref.name}  (${change.place.file}:${change.place.line})`,
      ...renderDiff(change.fields).map((line) => `    ${line}`),
    ]);
  return `${lines.join('\n')}\n`;
}
