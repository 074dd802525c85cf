import { ActionError } from '@deploy-actions/core';
import {
  imagesOf,
  isRecord,
  type KubeObject,
  type ManifestFile,
  type PinnedImage,
  parseImage,
  pinImages,
} from '@deploy-actions/kubernetes';
import { type Document, isAlias, isScalar, type Scalar } from 'yaml';
import { applyEdits, type Edit } from './text/edits.ts';
import { parseFile, scalarText, sourceRange } from './text/yaml.ts';

/** The files with every image that is pinned in its place, and what containers run by then, in order, each once. */
export interface PinnedFiles {
  readonly files: readonly ManifestFile[];
  readonly images: readonly string[];
}

/**
 * Pins images in the parsed documents; in the text only the references change.
 * Throws ActionError `image-unused` where an image is used by nothing, naming those that are.
 */
export function pinFiles(files: readonly ManifestFile[], pinned: readonly PinnedImage[]): PinnedFiles {
  const pins = pinned.flatMap((image) => image.pins);
  const unused = new Set(pins);
  const before = new Set<string>();
  const after = new Set<string>();
  const texts = files.map((file): ManifestFile => {
    const edits = new Map<number, Edit>();
    for (const document of parseFile(file).documents) {
      for (const [prefix, object] of objectsOf(document)) {
        const result = pinImages([object], pins);
        for (const pin of pins) if (!result.unused.includes(pin)) unused.delete(pin);
        const [now = object] = result.objects;
        const uses = imagesOf(now);
        for (const [at, use] of imagesOf(object).entries()) {
          const image = uses[at]?.image ?? use.image;
          before.add(use.image);
          after.add(image);
          const edit = image === use.image ? undefined : editOf(document, [...prefix, ...use.path], image);
          if (edit !== undefined) edits.set(edit.start, edit);
        }
      }
    }
    return { file: file.file, text: applyEdits(file.text, [...edits.values()]) };
  });
  const idle = pinned.filter((image) => image.pins.every((pin) => unused.has(pin)));
  if (idle.length > 0) throw unusedError(idle, [...before]);
  return { files: texts, images: [...after] };
}

/** The objects of a document with their paths in it: itself, or the items of a List. */
function objectsOf(document: Document.Parsed): readonly (readonly [readonly (string | number)[], KubeObject])[] {
  const value: unknown = document.toJS();
  if (!isRecord(value)) return [];
  if (Array.isArray(value.items))
    return value.items.flatMap((item: unknown, at) =>
      isRecord(item) ? [[['items', at], item as KubeObject] as const] : [],
    );
  return [[[], value as KubeObject]];
}

function editOf(document: Document.Parsed, path: readonly (string | number)[], image: string): Edit | undefined {
  const found = document.getIn(path, true);
  const node: unknown = isAlias(found) ? found.resolve(document) : found;
  const range = isScalar(node) ? sourceRange(node as Scalar) : undefined;
  if (range === undefined) {
    throw new ActionError(
      'invalid-manifest',
      `the image at ${path.join('.')} comes from a merge key (<<) and cannot be pinned in its place`,
      {
        hint: 'write `image:` in the container itself',
      },
    );
  }
  return { start: range[0], end: range[1], text: scalarText(image) };
}

function unusedError(idle: readonly PinnedImage[], used: readonly string[]): ActionError {
  const names = idle.map((image) => image.pins.map((pin) => pin.match).join(' or ')).join('; ');
  const those = used.length === 0 ? 'they use no image at all' : `they use ${used.join(', ')}`;
  const last = (reference: string) => parseImage(reference).repository.split('/').at(-1);
  const near = used.find((image) => idle.some((other) => last(other.reference) === last(image)));
  return new ActionError('image-unused', `no manifest uses ${names}; ${those}`, {
    hint:
      near === undefined
        ? 'name the image in the manifests, or give build-and-push `name:` with what they call it'
        : `if ${near} is meant, give build-and-push \`name: ${near.replace(/[:@].*$/, '')}\`, or \`images: ${near.replace(/[:@].*$/, '')}=REFERENCE\``,
  });
}
