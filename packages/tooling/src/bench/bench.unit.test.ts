import { describe, expect, it } from 'vitest';
import { compare, median, table } from './bench.ts';

const WHAT = { bench: 'b', case: 'c', metric: 'cpu-ms', unit: 'ms' } as const;

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
  ])('of %j is %d', (values, middle) => expect(median(values)).toBe(middle));

  it('refuses nothing', () => expect(() => median([])).toThrow('no value'));
});

describe('compare', () => {
  it('puts medians and their ratio side by side', () => {
    expect(compare(WHAT, [10, 30, 20], [5, 5, 100], 'node')).toEqual({
      ...WHAT,
      ours: 20,
      peer: 5,
      peerName: 'node',
      ratio: 4,
    });
  });
});

describe('table', () => {
  it('shows what has no peer as such', () => {
    expect(table([{ ...WHAT, ours: 3, peer: null, peerName: null, ratio: null }])).toContain(
      '| c | cpu-ms | 3 | – | – | – |',
    );
  });
});
