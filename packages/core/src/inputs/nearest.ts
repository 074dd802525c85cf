import { distance } from 'fastest-levenshtein';

/**
 * The names of `known` that `given` was probably meant to be, nearest first, at most three.
 * A third of the letters may differ, and two at least: enough for a slip, too little for another word.
 */
export function nearestNames(given: string, known: readonly string[]): readonly string[] {
  const wanted = given.toLowerCase();
  const allowed = Math.max(2, Math.floor(wanted.length / 3));
  return known
    .map((name) => ({ name, far: distance(wanted, name.toLowerCase()) }))
    .filter(({ far }) => far <= allowed)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** ` – did you mean \`x\` or \`y\`?`, or nothing. */
export function didYouMean(given: string, known: readonly string[]): string {
  const names = nearestNames(given, known).map((name) => `\`${name}\``);
  return names.length === 0 ? '' : ` – did you mean ${names.join(' or ')}?`;
}
