import { ActionError, type Context } from '@deploy-actions/core';
import {
  ApiError,
  applyObject,
  BUILT_IN,
  chooseNamespace,
  connect,
  displayName,
  getObject,
  type KubeClient,
  type KubeObject,
  readManifests,
  refOf,
  releaseName,
  requireNamespace,
  rolloutManager,
  secretsManager,
  targetsOf,
} from '@deploy-actions/kubernetes';
import type { Inputs } from './inputs.ts';
import { type WantedSecret, wantedSecrets } from './wanted.ts';

/** One Secret beside what the cluster has of it. */
export interface ObservedSecret {
  readonly object: KubeObject;
  readonly live: KubeObject | undefined;
  /** What the API server would make of it; undefined where its namespace is yet to be made. */
  readonly preview: KubeObject | undefined;
  /** Take keys that kubectl or a manifest wrote before. */
  readonly force: boolean;
}

export interface Observed {
  readonly context: string;
  readonly namespace: string;
  readonly manager: string;
  /** The Namespace object that the release's manifests have and the cluster does not. */
  readonly missingNamespace: { readonly object: KubeObject; readonly manager: string } | undefined;
  readonly secrets: readonly ObservedSecret[];
}

/**
 * Reads the live Secrets and has the API server validate what would change.
 * @throws InputError, ActionError `type-changed`, `immutable`, `conflict`, `error-auth`, `error-network`; nothing was changed then
 */
export async function observe(inputs: Inputs, context: Context): Promise<Observed> {
  const wanted = wantedSecrets(inputs);
  maskDerived(wanted, context);
  const release = releaseName(inputs['release-name'], context);
  const client = await connect(inputs, context);
  const namespace = chooseNamespace({
    given: inputs.namespace,
    report: context.release,
    context: client.access.context,
    ofContext: client.access.namespace,
    objects: [],
  });
  const missing = await missingNamespace(client, namespace, context);
  const manager = secretsManager(release);
  const secrets = await Promise.all(
    wanted.map((secret) =>
      observeOne(client, secret, { namespace, manager, isMissing: missing !== undefined }, context),
    ),
  );
  const missingNamespaceOf = missing === undefined ? undefined : { object: missing, manager: rolloutManager(release) };
  return { context: client.access.context, namespace, manager, missingNamespace: missingNamespaceOf, secrets };
}

/** Base64 given is masked as it stands; its text, and what we derive for a registry, must not show either. */
function maskDerived(wanted: readonly WantedSecret[], context: Context): void {
  for (const value of wanted.flatMap((secret) => Object.values(secret.data))) {
    context.redactor.add(value);
    context.redactor.add(Buffer.from(value.reveal(), 'base64').toString('utf8'));
  }
}

/**
 * On a first deployment the namespace comes with the manifests that are rendered already and applied after this step.
 * @throws ActionError `error-input` where neither the cluster nor the release's manifests have it
 */
async function missingNamespace(
  client: KubeClient,
  namespace: string,
  context: Context,
): Promise<KubeObject | undefined> {
  try {
    await requireNamespace(client, namespace, context.signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof ActionError) || error instanceof ApiError) throw error;
    const paths = targetsOf(context.release, client.access.context).flatMap(([, target]) => target.manifests ?? []);
    const manifests = paths.length === 0 ? [] : await readManifests(paths, context.runner.workspace);
    const found = manifests.find(({ object }) => object.kind === 'Namespace' && object.metadata.name === namespace);
    if (found === undefined) throw error;
    return found.object;
  }
}

async function observeOne(
  client: KubeClient,
  wanted: WantedSecret,
  where: { readonly namespace: string; readonly manager: string; readonly isMissing: boolean },
  context: Context,
): Promise<ObservedSecret> {
  const { namespace, manager } = where;
  const { name, type, data } = wanted;
  const object: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type, data };
  if (where.isMissing) return { object, live: undefined, preview: undefined, force: false };
  const { signal } = context;
  const live = await getObject(client, BUILT_IN.Secret, namespace, name, signal);
  refuseOtherType(object, live);
  const send = (force: boolean) =>
    applyObject(client, BUILT_IN.Secret, object, { manager, force, dryRun: true, signal });
  try {
    return { object, live, preview: await send(false), force: false };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.reason === 'immutable' || live?.immutable === true) throw immutable(object, error);
    if (error.conflicts.length === 0 || !error.conflicts.every(({ manager: other }) => isPredecessor(other)))
      throw error;
    return { object, live, preview: await send(true), force: true };
  }
}

/** Who writes a key once by hand or from a template; a controller that keeps writing it is named as a conflict instead. */
function isPredecessor(manager: string): boolean {
  return /^(kubectl|deploy-actions|node-fetch|unknown$)/.test(manager);
}

function refuseOtherType(object: KubeObject, live: KubeObject | undefined): void {
  if (live === undefined || live.type === object.type) return;
  const resource = displayName(refOf(object));
  throw new ActionError(
    'type-changed',
    `${resource} has the type ${String(live.type)} and cannot become ${String(object.type)}`,
    {
      hint: `give \`secret-type: ${String(live.type)}\`, or take another name`,
      place: { resource },
    },
  );
}

function immutable(object: KubeObject, cause: ApiError): ActionError {
  const resource = displayName(refOf(object));
  return new ActionError('immutable', `${resource} is immutable, and its values differ from what is given`, {
    hint: 'take a new name and have the pods use that one, as immutable Secrets are meant to be changed',
    place: { resource },
    cause,
  });
}
