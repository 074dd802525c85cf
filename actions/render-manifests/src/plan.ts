import { createHash } from 'node:crypto';
import { ActionError, Secret } from '@deploy-actions/core';
import { keyOf, type Manifest, type ManifestFile, parseManifests, refOf } from '@deploy-actions/kubernetes';
import { bundle } from './bundle.ts';
import { collecting, throwTogether } from './faults.ts';
import type { Inputs } from './inputs.ts';
import type { Observed } from './observe.ts';
import { pinFiles } from './pin-images.ts';
import { namespaceOf, reportKey } from './target.ts';

/** What will be written. */
export interface Plan {
  /** Relative to the workspace. */
  readonly path: string;
  /** A Secret's values are in there, so it prints as `***`. */
  readonly text: Secret;
  /** `sha256:…` of the objects, whatever their order and layout in files. */
  readonly hash: string;
  readonly images: readonly string[];
  /** `Kind/name`, in the order of the file. */
  readonly objects: readonly string[];
  /** `context/namespace` in the report. */
  readonly target: string;
  readonly namespace: string | undefined;
}

/** Pins the images and checks that all are Kubernetes objects. Throws ActionError `invalid-manifest`, `image-unused`. */
export function plan(inputs: Inputs, observed: Observed): Plan {
  checkEach(observed.files);
  const { files, images } = pinFiles(observed.files, observed.pinned);
  const manifests = parseManifests(files);
  const namespace = namespaceOf(
    inputs.namespace,
    manifests.map(({ object }) => object),
    observed.cluster,
  );
  const target = reportKey(observed.cluster, namespace);
  return {
    path: pathFor(observed, target, namespace),
    text: new Secret(bundle(files, observed.origins)),
    hash: hashOf(manifests),
    images,
    objects: manifests.map(({ object }) => `${object.kind}/${object.metadata.name}`),
    target,
    namespace,
  };
}

/** Every file for itself first, so that the faults of all come together. */
function checkEach(files: readonly ManifestFile[]): void {
  const faults: ActionError[] = [];
  const counts = files.map((file) => collecting(faults, () => parseManifests([file]).length) ?? 1);
  throwTogether(faults);
  if (counts.some((count) => count > 0)) return;
  throw new ActionError(
    'invalid-manifest',
    `there is no Kubernetes object in ${files.map(({ file }) => file).join(', ')}`,
    {
      hint: 'give `manifests` the files that hold them',
    },
  );
}

/** Another target of this job keeps its file. */
function pathFor({ release, targets }: Observed, target: string, namespace: string | undefined): string {
  const path = `.deploy-actions/${release}.yaml`;
  const taken = Object.entries(targets).some(([key, other]) => key !== target && other.manifests === path);
  return taken && namespace !== undefined ? `.deploy-actions/${release}.${namespace}.yaml` : path;
}

function hashOf(manifests: readonly Manifest[]): string {
  const objects = manifests
    .map(({ object }) => [keyOf(refOf(object)), canonical(object)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text);
  return `sha256:${createHash('sha256').update(objects.join('\n')).digest('hex')}`;
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** The plan as lines of the log. */
export function describe(plan: Plan): readonly string[] {
  return [
    `write ${plan.objects.length} objects to ${plan.path}`,
    ...plan.objects.map((name) => `  ${name}`),
    ...plan.images.map((image) => `  runs ${image}`),
  ];
}
