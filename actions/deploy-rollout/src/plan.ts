import { createHash } from 'node:crypto';
import { ActionError, type ReleaseReport } from '@deploy-actions/core';
import {
  hasChanges,
  imagesOf,
  isFollowed,
  type KubeObject,
  lastGood,
  nextRevision,
  type PlannedChange,
  planChanges,
  type ReleaseRecord,
  renderedMismatches,
  renderPlan,
} from '@deploy-actions/kubernetes';
import type { Inputs } from './inputs.ts';
import type { Observed } from './observe.ts';

/** What this step will do. */
export interface Plan {
  readonly release: string;
  readonly context: string;
  readonly namespace: string;
  readonly manager: string;
  /** False: only follow what is there. */
  readonly applies: boolean;
  readonly changes: readonly PlannedChange[];
  /** SHA-256 over all objects, values of Secrets left out. */
  readonly hash: string;
  /** What containers run by then. */
  readonly images: readonly string[];
  readonly built: ReleaseReport['images'];
  readonly record: ReleaseRecord;
  /** This deployment's revision, where it writes one. */
  readonly revision: number;
  readonly previous: number | undefined;
  /** True where the release has to be written down: something changes, or the last deployment did not end well. */
  readonly writes: boolean;
  /** True where there is nothing good to go back to: then a failure is left standing. */
  readonly first: boolean;
  readonly environmentUrl: string | undefined;
  /** The cluster may take a minute to make what pods wait for: some object here is of a kind that makes others. */
  readonly lateConfig: boolean;
  readonly commit: string | undefined;
  readonly run: string | undefined;
}

/**
 * Decides what changes: pure.
 * @throws ActionError `digest-mismatch` where a manifest names an image of this release by anything but the digest that was built
 */
export function plan(inputs: Inputs, observed: Observed): Plan {
  const { release, context, namespace, manager, record, built, commit, run } = observed;
  const objects = observed.objects.map((entry) => entry.object);
  refuseForeignDigests(objects, built);
  const planned = planChanges(observed.objects, manager);
  const changes = inputs.apply ? planned : onlyFollowed(planned);
  const changed = inputs.apply && hasChanges(changes);
  const last = record.revisions.at(-1);
  const settled = last?.verdict === 'succeeded' || last?.rolledBack === true;
  const writes = inputs.apply && (changed || !settled);
  const good = lastGood(record);
  return {
    release,
    context,
    namespace,
    manager,
    applies: inputs.apply,
    changes,
    hash: hashOf(observed),
    images: [...new Set(objects.flatMap(imagesOf).map((use) => use.image))].sort(),
    built,
    record,
    revision: writes ? nextRevision(record) : (good?.revision ?? 0),
    previous: good?.revision,
    writes,
    first:
      record.revisions.length > 0
        ? good === undefined
        : !changes.some((change) => isFollowed(change.ref.kind) && change.live !== undefined),
    environmentUrl: urlOf(objects),
    lateConfig: objects.some((object) => isCustom(object.apiVersion)),
    commit,
    run,
  };
}

/** The plan as lines for the log. */
export function describe(plan: Plan): readonly string[] {
  const lines = plan.applies
    ? renderPlan(plan.changes)
    : plan.changes.map((change) => `? ${change.ref.kind}/${change.ref.name} is followed`);
  const last = plan.record.revisions.at(-1);
  const open =
    last?.verdict === 'deploying'
      ? [`! revision ${last.revision} (${last.run ?? 'unknown run'}) never ended: it was killed, or still runs`]
      : [];
  return [`release ${plan.release} to ${plan.namespace} of ${plan.context}`, ...open, ...lines];
}

function refuseForeignDigests(objects: readonly KubeObject[], built: ReleaseReport['images']): void {
  const [first] = renderedMismatches(objects, built);
  if (first === undefined) return;
  throw new ActionError(
    'digest-mismatch',
    `${first.where} names the image ${first.image} in container ${first.container}, but this release built ${first.built}`,
    {
      hint: 'give the manifests without a digest of their own, or render them with render-manifests after the build',
      place: { resource: first.where, container: first.container },
    },
  );
}

/** With `apply: false` only what can be followed counts, and it must be there. */
function onlyFollowed(planned: readonly PlannedChange[]): PlannedChange[] {
  const followed = planned.filter((change) => isFollowed(change.ref.kind));
  const missing = followed.filter((change) => change.live === undefined);
  if (missing.length === 0) return followed.map((change) => ({ ...change, kind: 'unchanged' }));
  const names = missing.map((change) => `${change.ref.kind}/${change.ref.name}`).join(', ');
  throw new ActionError('error-input', `with \`apply: false\` all workloads must be there already; missing: ${names}`, {
    hint: 'apply them first, or leave out `apply: false`',
  });
}

function hashOf(observed: Observed): string {
  // Replicas under an autoscaler follow the load, and Secrets print as ***: neither makes another release.
  const objects = observed.objects.map(({ object, autoscaled }) =>
    autoscaled ? { ...object, spec: { ...(object.spec as object), replicas: undefined } } : object,
  );
  return `sha256:${createHash('sha256').update(JSON.stringify(objects)).digest('hex')}`;
}

interface IngressSpec {
  readonly rules?: readonly {
    readonly host?: string;
    readonly http?: { readonly paths?: readonly { readonly path?: string }[] };
  }[];
  readonly tls?: readonly { readonly hosts?: readonly string[] }[];
}

function urlOf(objects: readonly KubeObject[]): string | undefined {
  const spec = objects.find((object) => object.kind === 'Ingress')?.spec as IngressSpec | undefined;
  const rule = spec?.rules?.find((candidate) => candidate.host !== undefined && !candidate.host.startsWith('*'));
  if (rule?.host === undefined) return undefined;
  const secure = spec?.tls?.some((entry) => entry.hosts?.includes(rule.host ?? '') ?? true) ?? false;
  return `${secure ? 'https' : 'http'}://${rule.host}`;
}

/** Custom kinds (Certificate, ExternalSecret, SealedSecret …) make Secrets that pods then wait for. */
function isCustom(apiVersion: string): boolean {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  return group.includes('.') && !group.endsWith('.k8s.io');
}
