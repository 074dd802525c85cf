/** One measured case: lower is better in every metric. */
export interface Measurement {
  readonly bench: string;
  readonly case: string;
  readonly metric: 'cpu-ms' | 'seconds' | 'rss-mb' | 'gz-kb' | 'failed-requests';
  readonly unit: string;
  readonly ours: number;
  /** Null where there is nothing to compare with. */
  readonly peer: number | null;
  readonly peerName: string | null;
  /** ours ÷ peer. */
  readonly ratio: number | null;
}

/** A benchmark yields its measurements as they are made. */
export interface Bench {
  readonly name: string;
  readonly about: string;
  run(): AsyncIterable<Measurement>;
}

/** The middle value; of an even number of them the mean of the two in the middle. Throws where there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error('no value to take the median of');
  return (low + high) / 2;
}

/** Two decimals are more than any of this is good for. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The measurement of ours beside a peer's, medians of the runs of each. */
export function compare(
  what: Pick<Measurement, 'bench' | 'case' | 'metric' | 'unit'>,
  ours: readonly number[],
  peer: readonly number[],
  peerName: string,
): Measurement {
  const [us, them] = [median(ours), median(peer)];
  return { ...what, ours: rounded(us), peer: rounded(them), peerName, ratio: rounded(us / them) };
}

/** A table for people: a row a measurement. */
export function table(measurements: readonly Measurement[]): string {
  const cell = (value: number | null) => (value === null ? '–' : String(value));
  const rows = measurements.map(
    (one) =>
      `| ${one.case} | ${one.metric} | ${one.ours} | ${cell(one.peer)} | ${one.peerName ?? '–'} | ${cell(one.ratio)} |`,
  );
  return ['| case | metric | ours | peer | | ratio |', '|---|---|--:|--:|---|--:|', ...rows].join('\n');
}
