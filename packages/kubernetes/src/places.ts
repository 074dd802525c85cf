import { podSpecOf, podSpecPath } from './images.ts';
import type { FieldPath, Manifest, SourcePlace } from './manifests.ts';

/** Lines of the fields that a verdict may name, by path (`spec.template.spec.containers.0.image`). Serialisable. */
export type Places = Readonly<Record<string, SourcePlace>>;

const FIELDS: readonly (readonly string[])[] = [
  [],
  ['image'],
  ['resources', 'limits', 'memory'],
  ['startupProbe'],
  ['livenessProbe'],
  ['readinessProbe'],
];

/** Notes where the fields of a manifest stand that a pod may fail by, so that the verdict's annotation finds its line. */
export function placesOf(manifest: Manifest): Places {
  const spec = podSpecPath(manifest.object);
  const pod = podSpecOf(manifest.object);
  if (spec === undefined || pod === undefined) return {};
  const containers = (['initContainers', 'containers'] as const).flatMap((list) =>
    (pod[list] ?? []).flatMap((_, index) => FIELDS.map((field): FieldPath => [...spec, list, index, ...field])),
  );
  return Object.fromEntries([spec, ...containers].map((path) => [path.join('.'), manifest.placeOf(path)]));
}

/** The line of a field, or of the nearest thing around it that is known. */
export function findPlace(places: Places, path: FieldPath): SourcePlace | undefined {
  for (let length = path.length; length > 0; length--) {
    const place = places[path.slice(0, length).join('.')];
    if (place !== undefined) return place;
  }
  return undefined;
}
