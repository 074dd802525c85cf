import { ActionError, InputError, type InputFault, type ReleaseReport } from '@deploy-actions/core';
import { type ImagePin, parseImage, pinImages } from './images.ts';
import type { KubeObject } from './objects.ts';

/** One image and the names that manifests may use for it: it is used when one of them is. */
export interface PinnedImage {
  readonly reference: string;
  readonly pins: readonly ImagePin[];
}

const REFERENCE = /^[a-z0-9][\w.:/-]*(@sha256:[0-9a-f]{64})?$/;

/**
 * The images to pin: the lines of the input `images` where there are any, else all that the report says were built.
 * @throws InputError where a line is no reference
 */
export function readPins(lines: readonly string[], built: ReleaseReport['images']): readonly PinnedImage[] {
  if (lines.length === 0) {
    return Object.entries(built).map(([repository, image]) => {
      const reference = `${repository}@${image.digest}`;
      const names = image.name === undefined ? [repository] : [repository, image.name];
      return { reference, pins: names.map((match) => ({ match, reference })) };
    });
  }
  const faults: InputFault[] = [];
  const pinned = lines.map((line): PinnedImage => {
    const at = line.indexOf('=');
    const reference = line.slice(at + 1).trim();
    const match = at < 0 ? reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '') : line.slice(0, at).trim();
    if (!REFERENCE.test(reference) || match === '') {
      const accepted = 'ghcr.io/acme/shop@sha256:…, name=ghcr.io/acme/shop@sha256:…';
      faults.push({ input: 'images', message: `"${line}" is no image reference`, accepted });
    }
    return { reference, pins: [{ match, reference }] };
  });
  if (faults.length > 0) throw new InputError(faults);
  return pinned;
}

/**
 * The objects with every pinned image in its place.
 * @throws ActionError `image-unused` where a container uses none of an image's names
 */
export function pinAll(objects: readonly KubeObject[], pinned: readonly PinnedImage[]): KubeObject[] {
  const result = pinImages(
    objects,
    pinned.flatMap((image) => image.pins),
  );
  const idle = pinned.filter((image) => image.pins.every((pin) => result.unused.includes(pin)));
  if (idle.length === 0) return result.objects;
  const names = idle.map((image) => parseImage(image.reference).repository).join(', ');
  throw new ActionError('image-unused', `no manifest uses the image ${names}`, {
    hint: 'name the image in the manifests, or say what they call it with `images: name=reference`',
  });
}
