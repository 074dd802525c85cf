import { createHash } from 'node:crypto';
import { ActionError, HttpError } from '@deploy-actions/core';
import * as v from 'valibot';
import { imageConfig, MANIFEST_TYPES, type Manifest, parseManifest, platformName } from './manifest.ts';
import { header, type RegistrySession } from './session.ts';

/** A manifest as the registry holds it. */
export interface StoredManifest {
  readonly digest: string;
  readonly manifest: Manifest;
}

/** An image as the registry holds it. */
export interface StoredImage {
  readonly digest: string;
  /** `linux/amd64` → digest of that platform's manifest (the image's own where there is no index). */
  readonly platforms: Readonly<Record<string, string>>;
  /** Digest of the config, the image's ID; of an index, its first platform's. */
  readonly imageId: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The manifest under a tag or digest; undefined where there is none. Its digest is computed from the bytes, not believed. */
export async function readManifest(session: RegistrySession, reference: string): Promise<StoredManifest | undefined> {
  const answer = await session.request(`manifests/${reference}`, { headers: { accept: MANIFEST_TYPES.join(', ') } });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refused(session, answer.status, `reading ${reference}`);
  const body = answer.text();
  return {
    digest: `sha256:${createHash('sha256').update(body).digest('hex')}`,
    manifest: parseManifest(JSON.parse(body)),
  };
}

/** All tags of the repository, empty where it doesn't exist yet or lists none. Pages are followed as far as the registry gives them. */
export async function listTags(session: RegistrySession): Promise<readonly string[]> {
  const tags: string[] = [];
  let page = 'tags/list?n=1000';
  for (;;) {
    const answer = await session.request(page);
    if (answer.status !== 200) return tags;
    const { tags: more } = v.parse(v.object({ tags: v.nullish(v.array(v.string())) }), JSON.parse(answer.text()));
    tags.push(...(more ?? []));
    const next = /[?&]([^>]*)>;\s*rel="next"/.exec(header(answer, 'link'))?.[1];
    if (next === undefined) return tags;
    page = `tags/list?${next}`;
  }
}

/** What the registry holds under a digest or tag, read down to the config. Throws ActionError where it is not there. */
export async function readImage(session: RegistrySession, reference: string): Promise<StoredImage> {
  const top = await readManifest(session, reference);
  if (top === undefined) throw missing(session, reference);
  const { manifest } = top;
  const listed = manifest.kind === 'index' ? Object.values(manifest.platforms)[0] : undefined;
  const image = listed === undefined ? top : await readManifest(session, listed);
  if (image?.manifest.kind !== 'image') throw missing(session, listed ?? reference);
  const answer = await session.request(`blobs/${image.manifest.config}`);
  if (answer.status !== 200) throw refused(session, answer.status, `reading the config ${image.manifest.config}`);
  const config = v.parse(imageConfig, JSON.parse(answer.text()));
  return {
    digest: top.digest,
    platforms: manifest.kind === 'index' ? manifest.platforms : { [platformName(config)]: top.digest },
    imageId: image.manifest.config,
    labels: config.config?.Labels ?? {},
  };
}

function refused(session: RegistrySession, status: number, doing: string): ActionError {
  const { repository, host } = session.reference;
  if (status === 401 || status === 403) {
    return new ActionError('push-denied', `the registry ${host} refused ${doing} in ${repository} (HTTP ${status})`, {
      hint: 'give the account the right to write to this repository (on ghcr.io: `packages: write`)',
    });
  }
  return new HttpError('error-network', `the registry ${host} answered ${doing} in ${repository} with HTTP ${status}`, {
    hint: 'look at the registry; the step can be run again',
    status,
    retryable: true,
  });
}

function missing(session: RegistrySession, reference: string): ActionError {
  return new ActionError(
    'digest-mismatch',
    `${session.reference.repository} has no ${reference} although it was pushed`,
    {
      hint: 'look for something that deletes from this repository; the step can be run again',
      retryable: true,
    },
  );
}
