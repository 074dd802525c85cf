import * as v from 'valibot';

const digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/));
const platform = v.looseObject({ os: v.string(), architecture: v.string(), variant: v.optional(v.string()) });

/** An OCI index or Docker manifest list. https://github.com/opencontainers/image-spec/blob/main/image-index.md */
const index = v.looseObject({
  manifests: v.array(v.looseObject({ digest, platform: v.optional(platform) })),
});
/** An image manifest. https://github.com/opencontainers/image-spec/blob/main/manifest.md */
const imageManifest = v.looseObject({ config: v.looseObject({ digest }) });

/** The part of an image's config that a deployment turns on. */
export const imageConfig = v.looseObject({
  os: v.string(),
  architecture: v.string(),
  variant: v.optional(v.string()),
  config: v.optional(v.nullable(v.looseObject({ Labels: v.optional(v.nullable(v.record(v.string(), v.string()))) }))),
});

export type Manifest =
  | { readonly kind: 'index'; readonly platforms: Readonly<Record<string, string>> }
  | { readonly kind: 'image'; readonly config: string };

export const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

/** `linux/amd64`, `linux/arm/v7`; arm64's only variant is left out, as docker does. */
export function platformName(of: {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
}): string {
  const variant =
    of.variant === undefined || of.variant === '' || (of.architecture === 'arm64' && of.variant === 'v8')
      ? ''
      : `/${of.variant}`;
  return `${of.os}/${of.architecture}${variant}`;
}

/** Reads a manifest's JSON. Entries of an index for no platform (attestations are `unknown/unknown`) are left out. Throws ValiError. */
export function parseManifest(json: unknown): Manifest {
  if (v.is(index, json)) {
    const platforms: Record<string, string> = {};
    for (const entry of json.manifests) {
      if (entry.platform !== undefined && entry.platform.os !== 'unknown')
        platforms[platformName(entry.platform)] = entry.digest;
    }
    return { kind: 'index', platforms };
  }
  return { kind: 'image', config: v.parse(imageManifest, json).config.digest };
}
