import { isRecord, type KubeObject, type PodSpec } from './objects.ts';

/** The parts of `ghcr.io/acme/api:1.2@sha256:…`. */
export interface ImageParts {
  /** With the registry, as Docker reads it: `nginx` is `docker.io/library/nginx`. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** An image to put in the place of another. */
export interface ImagePin {
  /** What manifests call it: its repository, or a name of its own such as `api`. */
  readonly match: string;
  /** `ghcr.io/acme/api@sha256:…`, or any reference. */
  readonly reference: string;
}

/** One container that runs an image, with where in its object it stands. */
export interface ImageUse {
  readonly container: string;
  readonly image: string;
  readonly path: readonly (string | number)[];
}

export function parseImage(reference: string): ImageParts {
  const [withoutDigest = '', digest] = reference.split('@', 2);
  const colon = withoutDigest.lastIndexOf(':');
  const tagged = colon > withoutDigest.lastIndexOf('/');
  return {
    repository: normalise(tagged ? withoutDigest.slice(0, colon) : withoutDigest),
    tag: tagged ? withoutDigest.slice(colon + 1) : undefined,
    digest,
  };
}

function normalise(repository: string): string {
  const [first = '', ...rest] = repository.split('/');
  if (rest.length === 0) return `docker.io/library/${first}`;
  const isRegistry = first.includes('.') || first.includes(':') || first === 'localhost';
  if (!isRegistry) return `docker.io/${repository}`;
  if (first === 'docker.io' && rest.length === 1) return `docker.io/library/${rest[0]}`;
  return first === 'index.docker.io' ? normalise(`docker.io/${rest.join('/')}`) : repository;
}

/** Where an object keeps a pod's spec, or undefined for kinds without pods. Custom kinds with `spec.template` count too. */
export function podSpecPath(object: KubeObject): readonly string[] | undefined {
  const candidates = [
    ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
    ['spec', 'template', 'spec'],
  ];
  if (object.kind === 'Pod') candidates.push(['spec']);
  return candidates.find((path) => {
    const spec = path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), object);
    return isRecord(spec) && Array.isArray(spec.containers);
  });
}

export function podSpecOf(object: KubeObject): PodSpec | undefined {
  const path = podSpecPath(object);
  return path?.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), object) as
    | PodSpec
    | undefined;
}

/** Every container of the object's pods, init containers first. */
export function imagesOf(object: KubeObject): ImageUse[] {
  const path = podSpecPath(object);
  const spec = podSpecOf(object);
  if (path === undefined || spec === undefined) return [];
  return (['initContainers', 'containers'] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap((container, index) =>
      container.image === undefined
        ? []
        : [{ container: container.name, image: container.image, path: [...path, list, index, 'image'] }],
    ),
  );
}

/**
 * Puts each pin in the place of every image that it matches: the same repository, or the very name. Objects are not changed but
 * copied where needed.
 * @returns the objects, and the pins that no container uses
 */
export function pinImages(
  objects: readonly KubeObject[],
  pins: readonly ImagePin[],
): { objects: KubeObject[]; unused: ImagePin[] } {
  const used = new Set<ImagePin>();
  const pinned = objects.map((object) => {
    const uses = imagesOf(object).flatMap((use) => {
      const pin = pins.find((candidate) => matches(candidate, use.image));
      if (pin !== undefined) used.add(pin);
      return pin === undefined || pin.reference === use.image ? [] : [{ use, pin }];
    });
    return uses.reduce((copy, { use, pin }) => withValue(copy, use.path, pin.reference) as KubeObject, object);
  });
  return { objects: pinned, unused: pins.filter((pin) => !used.has(pin)) };
}

function matches(pin: ImagePin, image: string): boolean {
  const bare = image.split('@', 1)[0]?.replace(/:[^/:]*$/, '');
  return pin.match === bare || parseImage(image).repository === parseImage(pin.match).repository;
}

function withValue(value: unknown, [key, ...rest]: readonly (string | number)[], leaf: string): unknown {
  if (key === undefined) return leaf;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? withValue(item, rest, leaf) : item));
  return isRecord(value) ? { ...value, [key]: withValue(value[key], rest, leaf) } : value;
}
