import { ActionError, type Context, InputError, type ReleaseReport, Secret } from '@deploy-actions/core';
import {
  chooseNamespace,
  connect,
  hideValues,
  isRecord,
  isSecretObject,
  type KubeClient,
  type KubeObject,
  type Manifest,
  type ObservedObject,
  observeObjects,
  pinAll,
  type ReleaseRecord,
  readManifests,
  readPins,
  readRecord,
  releaseName,
  rolloutManager,
  targetsOf,
} from '@deploy-actions/kubernetes';
import type { Inputs } from './inputs.ts';

/** What the cluster and the files show before anything is changed. */
export interface Observed {
  readonly release: string;
  /** The kubeconfig's context. */
  readonly context: string;
  readonly namespace: string;
  readonly manager: string;
  readonly objects: readonly ObservedObject[];
  readonly record: ReleaseRecord;
  /** What this release built, by repository. */
  readonly built: ReleaseReport['images'];
  readonly commit: string | undefined;
  readonly run: string | undefined;
}

/**
 * Reads the manifests and what the cluster has of them, and has the API server validate what would change.
 * @throws ActionError for everything that stands in the way of deploying; nothing was changed then
 */
export async function observe(inputs: Inputs, context: Context): Promise<Observed> {
  refuseFailedGates(context.release);
  const release = releaseName(inputs['release-name'], context);
  if (inputs.manifests === undefined && Object.values(context.release.targets).every((target) => !target.manifests)) {
    throw missingManifests('no earlier step of this job rendered any');
  }
  const client = await connect(inputs, context);
  const source = manifestsOf(inputs, context, client);
  const manifests = pinned(
    await readManifests(source.paths, context.runner.workspace),
    inputs,
    context,
    source.rendered,
  );
  const namespace = chooseNamespace({
    given: inputs.namespace,
    report: context.release,
    context: client.access.context,
    ofContext: client.access.namespace,
    objects: manifests.map((manifest) => manifest.object),
  });
  for (const { object } of manifests) maskValues(hideValues(object), context);
  const manager = rolloutManager(release);
  const objects = await observeObjects(client, manifests, {
    manager,
    namespace,
    force: inputs['force-conflicts'],
    validate: inputs.apply,
    signal: context.signal,
  });
  for (const { live } of objects) if (live !== undefined) maskValues(live, context);
  return {
    release,
    context: client.access.context,
    namespace,
    manager,
    objects,
    record: await readRecord(client, namespace, release, context.signal),
    built: context.release.images,
    commit: context.runner.commit,
    run: context.runner.runUrl,
  };
}

/** A gate that said no stays shut, `continue-on-error` or not. */
function refuseFailedGates(report: ReleaseReport): void {
  const refused = Object.entries(report.images).flatMap(([name, image]) => (image.scan === 'vulnerable' ? [name] : []));
  if (refused.length === 0) return;
  throw new ActionError(
    'gate-failed',
    `the scan of ${refused.join(', ')} found vulnerabilities at or above the cutoff`,
    {
      hint: 'mend them, or say `fail-build: false` at scan-image if it should only report',
    },
  );
}

/** The manifests of the input, or those that an earlier step rendered for this cluster. */
function manifestsOf(
  inputs: Inputs,
  context: Context,
  client: KubeClient,
): { paths: readonly string[]; rendered: boolean } {
  if (inputs.manifests !== undefined) return { paths: inputs.manifests, rendered: false };
  const rendered = targetsOf(context.release, client.access.context).filter(
    ([, target]) => target.manifests !== undefined,
  );
  const chosen =
    rendered.length === 1 ? rendered : rendered.filter(([, target]) => target.namespace === inputs.namespace);
  const [only] = chosen;
  if (only?.[1].manifests !== undefined && chosen.length === 1) return { paths: [only[1].manifests], rendered: true };
  throw missingManifests(
    rendered.length === 0
      ? `no earlier step of this job rendered any for context "${client.access.context}"`
      : `earlier steps rendered several: ${rendered.map(([key]) => key).join(', ')}`,
  );
}

function missingManifests(because: string): InputError {
  const accepted = 'files, folders or globs, relative to the workspace';
  return new InputError([{ input: 'manifests', message: `is missing, and ${because}`, accepted }]);
}

function pinned(manifests: readonly Manifest[], inputs: Inputs, context: Context, rendered: boolean): Manifest[] {
  // What render-manifests wrote is pinned by it; it has also seen to it that every image is used.
  if (rendered && inputs.images.length === 0) return [...manifests];
  const objects = pinAll(
    manifests.map((manifest) => manifest.object),
    readPins(inputs.images, context.release.images),
  );
  return manifests.map((manifest, index) => ({ ...manifest, object: objects[index] ?? manifest.object }));
}

/** Values of Secrets are hidden in all that is printed from now on, however they get there. */
function maskValues(object: KubeObject, context: Context): void {
  if (!isSecretObject(object) || !isRecord(object.data)) return;
  for (const value of Object.values(object.data)) {
    if (!(value instanceof Secret)) continue;
    context.redactor.add(value);
    context.redactor.add(Buffer.from(value.reveal(), 'base64').toString('utf8'));
  }
}
