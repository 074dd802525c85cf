import { type Context, InputError, type InputFault } from '@deploy-actions/core';
import type { ImagePin } from '@deploy-actions/kubernetes';

/** One image and the names that manifests may use for it: it is used when one of them is. */
export interface Pinned {
  readonly reference: string;
  readonly pins: readonly ImagePin[];
}

const REFERENCE = /^[a-z0-9][\w.:/-]*(@sha256:[0-9a-f]{64})?$/;

/** The images to pin: the `images` lines where there are any, else all that the report says were built. Throws InputError. */
export function readPins(lines: readonly string[], images: Context['release']['images']): readonly Pinned[] {
  if (lines.length === 0) {
    return Object.entries(images).map(([repository, image]) => {
      const reference = `${repository}@${image.digest}`;
      const names = image.name === undefined ? [repository] : [repository, image.name];
      return { reference, pins: names.map((match) => ({ match, reference })) };
    });
  }
  const faults: InputFault[] = [];
  const pinned = lines.map((line): Pinned => {
    const at = line.indexOf('=');
    const reference = line.slice(at + 1).trim();
    const match = at < 0 ? repositoryOf(reference) : line.slice(0, at).trim();
    if (!REFERENCE.test(reference) || match === '')
      faults.push({
        input: 'images',
        message: `"${line}" is no image reference`,
        accepted: 'ghcr.io/acme/shop@sha256:…, name=ghcr.io/acme/shop@sha256:…',
      });
    return { reference, pins: [{ match, reference }] };
  });
  if (faults.length > 0) throw new InputError(faults);
  return pinned;
}

function repositoryOf(reference: string): string {
  return (reference.split('@')[0] ?? '').replace(/:[^/:]*$/, '');
}
