import { adoptFields, applyObject } from './changes.ts';
import type { KubeClient } from './client.ts';
import { concurrently } from './concurrently.ts';
import { displayName, type KubeObject } from './objects.ts';
import { phases } from './order.ts';
import type { PlannedChange } from './plan.ts';
import { readinessOf } from './readiness.ts';
import { watchObjects } from './watch.ts';

const AT_ONCE = 8;

/** One change that was sent. `after` is undefined where no answer came: it may have been made or not. */
export interface Sent {
  readonly change: PlannedChange;
  readonly after: KubeObject | undefined;
  /** Cluster's time, epoch ms. */
  readonly at: number;
}

export interface ApplySettings {
  readonly manager: string;
  readonly force: boolean;
  readonly signal: AbortSignal;
  /** Filled as changes are sent, so that it is right whenever applying breaks off. */
  readonly journal: Map<PlannedChange, Sent>;
}

/**
 * Makes the planned changes: phase after phase, within one side by side. New kinds are waited for until the API server serves them.
 * @throws ActionError of the first change that fails; `journal` then tells which were made
 */
export async function applyChanges(
  client: KubeClient,
  changes: readonly PlannedChange[],
  settings: ApplySettings,
): Promise<void> {
  const due = changes.filter((change) => change.kind === 'create' || change.kind === 'update');
  for (const phase of phases(due, (change) => change.ref)) {
    await concurrently(phase, AT_ONCE, (change) => applyOne(client, change, settings));
    const definitions = phase.filter((change) => change.ref.kind === 'CustomResourceDefinition');
    if (definitions.length > 0) await untilEstablished(client, definitions, settings.signal);
  }
}

async function applyOne(client: KubeClient, change: PlannedChange, settings: ApplySettings): Promise<void> {
  const { manager, force, signal, journal } = settings;
  signal.throwIfAborted();
  // Before it is sent: an answer that is lost leaves the change made and us unaware.
  journal.set(change, { change, after: undefined, at: client.now() });
  if (change.adopts.length > 0) await adoptFields(client, change.resource, change.ref, manager, signal);
  const { resource, object, place } = change;
  const after = await applyObject(client, resource, object, { manager, force, dryRun: false, signal, place });
  journal.set(change, { change, after, at: client.now() });
  client.log.info(`${displayName(change.ref)}: ${change.kind === 'create' ? 'created' : 'updated'}`);
}

async function untilEstablished(
  client: KubeClient,
  definitions: readonly PlannedChange[],
  signal: AbortSignal,
): Promise<void> {
  const missing = new Set(definitions.map((change) => change.ref.name));
  const resource = definitions[0]?.resource;
  if (resource === undefined) return;
  const done = (object: KubeObject) => {
    if (readinessOf(object).ready) missing.delete(object.metadata.name);
    return missing.size === 0;
  };
  for await (const change of watchObjects(client, resource, undefined, signal)) {
    const objects = change.type === 'listed' ? change.objects : [change.object];
    if (objects.some((object) => change.type !== 'removed' && done(object))) return;
  }
  signal.throwIfAborted();
}
