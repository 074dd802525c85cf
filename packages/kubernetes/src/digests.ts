import type { ReleaseReport } from '@deploy-actions/core';
import { imagesOf, parseImage } from './images.ts';
import { displayName, type KubeObject, type Pod, refOf } from './objects.ts';

/** A place where another image is than the one that was built. */
export interface DigestMismatch {
  /** `Deployment/api` or `pod api-5d8f-x`. */
  readonly where: string;
  readonly container: string;
  readonly image: string;
  /** The digest that the release built for this repository. */
  readonly built: string;
}

type Built = ReleaseReport['images'];

function mismatch(image: string, built: Built): string | undefined {
  const { repository, digest } = parseImage(image);
  const entry = Object.entries(built).find(([name]) => parseImage(name).repository === repository);
  return entry === undefined || entry[1].digest === digest ? undefined : entry[1].digest;
}

/** Rendered objects that name an image of this release by anything but the digest that was built. */
export function renderedMismatches(objects: readonly KubeObject[], built: Built): DigestMismatch[] {
  return objects.flatMap((object) =>
    imagesOf(object).flatMap(({ container, image }) => {
      const digest = mismatch(image, built);
      return digest === undefined ? [] : [{ where: displayName(refOf(object)), container, image, built: digest }];
    }),
  );
}

/**
 * Ready pods whose spec names another digest. The spec and not the node's imageID is compared: a node may report an older manifest of the
 * same content (measured).
 */
export function runningMismatches(pods: readonly Pod[], built: Built): DigestMismatch[] {
  return pods.flatMap((pod) =>
    [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].flatMap(({ name, image = '' }) => {
      const digest = mismatch(image, built);
      return digest === undefined ? [] : [{ where: `pod ${pod.metadata.name}`, container: name, image, built: digest }];
    }),
  );
}
