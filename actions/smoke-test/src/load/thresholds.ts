import { InputError } from '@deploy-actions/core';

/** What is held against a bound: a percentile or another measure of the answers' times in ms, or the share of failed requests. */
export type Measure =
  | { readonly kind: 'percentile'; readonly rank: number }
  | { readonly kind: 'avg' | 'med' | 'min' | 'max' | 'rate' };

/** `p(95)<500`, `rate<0.01`, as k6 writes them. */
export interface Threshold {
  readonly text: string;
  readonly measure: Measure;
  readonly operator: '<' | '<=' | '>' | '>=';
  readonly bound: number;
}

/** Reads the lines of `thresholds`. Throws InputError with all faults. */
export function readThresholds(lines: readonly string[]): readonly Threshold[] {
  const parsed = lines.map((line) => [line, parse(line)] as const);
  const faults = parsed.flatMap(([line, threshold]) =>
    threshold === undefined
      ? [
          {
            input: 'thresholds',
            message: `"${line}" is no threshold`,
            accepted: 'p(95)<500, avg<200, med<100, max<2000 (ms), rate<0.01 (share failed)',
          },
        ]
      : [],
  );
  if (faults.length > 0) throw new InputError(faults);
  return parsed.flatMap(([, threshold]) => threshold ?? []);
}

const FORM = /^(?:p\((\d+(?:\.\d+)?)\)|(avg|med|min|max|rate))\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)$/;

function parse(line: string): Threshold | undefined {
  const [, rank, word, operator, bound] = FORM.exec(line.trim()) ?? [];
  if (bound === undefined || Number(rank ?? 0) > 100) return undefined;
  const measure: Measure =
    rank === undefined
      ? { kind: word as Exclude<Measure['kind'], 'percentile'> }
      : { kind: 'percentile', rank: Number(rank) };
  return { text: line.trim(), measure, operator: operator as Threshold['operator'], bound: Number(bound) };
}

/** Times of answered requests in ms, and how many of all requests failed. */
export interface Samples {
  readonly times: readonly number[];
  readonly requests: number;
  readonly failed: number;
}

/** What a measure comes to; undefined where nothing was measured, which passes no threshold. */
export function measured(measure: Measure, { times, requests, failed }: Samples): number | undefined {
  if (measure.kind === 'rate') return requests === 0 ? undefined : failed / requests;
  const sorted = times.toSorted((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  switch (measure.kind) {
    case 'percentile':
      return percentile(sorted, measure.rank);
    case 'med':
      return percentile(sorted, 50);
    case 'min':
      return sorted[0];
    case 'max':
      return sorted.at(-1);
    case 'avg':
      return sorted.reduce((sum, time) => sum + time, 0) / sorted.length;
  }
}

/** Linear between the two nearest of the sorted values, as k6 reckons. */
export function percentile(sorted: readonly number[], rank: number): number | undefined {
  const at = (sorted.length - 1) * (rank / 100);
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  return below === undefined || above === undefined ? undefined : below + (above - below) * (at - Math.floor(at));
}

/** True where the value is within the bound. */
export function holds({ operator, bound }: Threshold, value: number): boolean {
  switch (operator) {
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
  }
}
