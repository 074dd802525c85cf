import { QUANTITY_SUFFIXES } from '@deploy-actions/core';

const FACTORS: Readonly<Record<string, number>> = { n: 1e-9, u: 1e-6, m: 1e-3, ...QUANTITY_SUFFIXES };

/** `500m` is 0.5, `1Gi` is 1073741824; undefined for what is no quantity. */
export function parseQuantity(value: unknown): number | undefined {
  const found = /^([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)([numkKMGTPE]?i?)$/.exec(String(value));
  const factor = FACTORS[found?.[2] ?? 'none'];
  return found === null || factor === undefined ? undefined : Number(found[1]) * factor;
}

/** True where a field that holds a quantity has the same amount on both sides: the API server rewrites `1000m` as `1`. */
export function sameQuantity(field: string, a: unknown, b: unknown): boolean {
  if (
    !/(^|\.)(limits|requests|hard|capacity|sizeLimit|averageValue|min|max|default|defaultRequest)\b[^.]*(\.|$)/.test(
      field,
    )
  )
    return false;
  const [first, second] = [parseQuantity(a), parseQuantity(b)];
  return first !== undefined && second !== undefined && Math.abs(first - second) <= Math.abs(first) * 1e-9;
}
