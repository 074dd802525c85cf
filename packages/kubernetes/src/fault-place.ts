import { ActionError } from '@deploy-actions/core';
import type { FieldPath, Manifest } from './manifests.ts';
import { displayName, refOf } from './objects.ts';

/** Reads the field that the API server names in its message: `spec.template.spec.containers[0].image: Required value`. */
export function fieldInMessage(message: string): FieldPath | undefined {
  const found =
    /unknown field "([^"]+)"/.exec(message)?.[1] ??
    /(?:^|[\s[(:])\.?((?:spec|metadata|data|rules|subjects|roleRef)(?:\.[\w-]+|\[[^\]]+\])+)/.exec(message)?.[1];
  if (found === undefined) return undefined;
  return [...found.matchAll(/([\w-]+)|\[(\d+)\]/g)].map(([, name, index]) =>
    index !== undefined ? Number(index) : /^\d+$/.test(name ?? '') ? Number(name) : (name ?? ''),
  );
}

/** The same error, with the line of the manifest where the field that it names stands. */
export function placeOfFault(error: ActionError, manifest: Manifest): ActionError {
  const field = fieldInMessage(error.message);
  const place = {
    ...(field === undefined ? manifest.place : manifest.placeOf(field)),
    resource: displayName(refOf(manifest.object)),
  };
  return new ActionError(error.reason, error.message, {
    hint: error.hint,
    place,
    retryable: error.retryable,
    cause: error,
  });
}
