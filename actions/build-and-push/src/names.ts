import type { InputFault } from '@deploy-actions/core';
import type { Inputs } from './inputs.ts';
import { parseReference, type Reference } from './registry/reference.ts';
import { type Flavor, parseFlavor } from './tags/flavor.ts';
import { parseTagLines, type TagRule } from './tags/rule.ts';

/** What the image is to be called, as far as the inputs say: repositories to tag by rule, and references given whole. */
export interface Naming {
  readonly repositories: readonly Reference[];
  readonly rules: readonly TagRule[];
  readonly flavor: Flavor;
  readonly references: readonly Reference[];
}

/** Reads `images`, `tags` and `flavor` together; every fault of the three comes back. */
export function readNaming(inputs: Pick<Inputs, 'images' | 'tags' | 'flavor'>): {
  readonly naming: Naming;
  readonly faults: readonly InputFault[];
} {
  const faults: InputFault[] = [];
  const images = imageNames(inputs.images, faults);
  const lines = parseTagLines(inputs.tags);
  faults.push(...lines.faults.map((message) => ({ input: 'tags', message })));
  const { flavor, faults: flavorFaults } = parseFlavor(inputs.flavor);
  faults.push(...flavorFaults.map((message) => ({ input: 'flavor', message })));
  const references = lines.references.flatMap((line) => {
    const reference = parseReference(line);
    if (reference?.digest === undefined && reference !== undefined)
      return [{ ...reference, tag: reference.tag ?? 'latest' }];
    faults.push({ input: 'tags', message: `"${line}" is no image reference`, accepted: 'ghcr.io/acme/shop:1.2' });
    return [];
  });
  if (inputs.images.length === 0 && lines.rules.length > 0) {
    faults.push({
      input: 'images',
      message: 'is required, since a line of `tags` is a rule or a plain word',
      accepted: 'ghcr.io/acme/shop, one a line',
    });
  }
  return { naming: { repositories: images, rules: lines.rules, flavor, references }, faults };
}

/** `images` lines are names; metadata-action's `name=…,enable=…` form is not needed where steps have an `if`. */
function imageNames(given: readonly string[], faults: InputFault[]): readonly Reference[] {
  return given.flatMap((name) => {
    const reference = parseReference(name);
    if (reference === undefined) {
      faults.push({ input: 'images', message: `"${name}" is no image name`, accepted: 'ghcr.io/acme/shop' });
      return [];
    }
    if (reference.tag !== undefined || reference.digest !== undefined) {
      faults.push({
        input: 'images',
        message: `"${name}" has a tag or digest`,
        accepted: 'the name alone; tags go into `tags`',
      });
      return [];
    }
    return [reference];
  });
}
