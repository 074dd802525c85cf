import { Secret } from '@deploy-actions/core';
import { isRecord, type KubeObject } from './objects.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** True for the core's Secret, the one kind whose values nobody may see. */
export function isSecretObject(object: { readonly apiVersion: string; readonly kind: string }): boolean {
  return object.kind === 'Secret' && object.apiVersion === 'v1';
}

/**
 * Wraps each value of a Secret, so that it prints as `***` wherever the object goes (plan.json, logs, errors); other kinds are
 * returned as they are. `stringData` becomes `data`, as the API server stores it: otherwise what we own could not be compared.
 */
export function hideValues(object: KubeObject): KubeObject {
  if (!isSecretObject(object)) return object;
  const { data, stringData, ...rest } = object;
  const hidden: Record<string, Secret> = {};
  for (const [key, value] of Object.entries(isRecord(data) ? data : {})) {
    hidden[key] = value instanceof Secret ? value : new Secret(String(value ?? ''));
  }
  for (const [key, value] of Object.entries(isRecord(stringData) ? stringData : {})) {
    const text = value instanceof Secret ? value.reveal() : String(value ?? '');
    hidden[key] = new Secret(Buffer.from(text).toString('base64'));
  }
  const metadata = { ...rest.metadata };
  const annotations = metadata.annotations;
  if (annotations?.[LAST_APPLIED] !== undefined) {
    // kubectl keeps a copy of all values there.
    metadata.annotations = Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== LAST_APPLIED));
  }
  return { ...rest, metadata, ...(data === undefined && stringData === undefined ? {} : { data: hidden }) };
}

/** JSON for the API server alone: the one place where the values of Secret objects are written out. */
export function revealedJson(value: unknown): string {
  return JSON.stringify(value, function (this: unknown, key: string, current: unknown) {
    // toJSON has run by now and yielded `***`; the holder still has the Secret itself.
    const held = isRecord(this) ? this[key] : Array.isArray(this) ? this[Number(key)] : undefined;
    return held instanceof Secret ? held.reveal() : current;
  });
}
