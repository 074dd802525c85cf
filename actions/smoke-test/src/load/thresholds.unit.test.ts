import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds, measured, percentile, readThresholds, type Samples } from './thresholds.ts';

const samples: Samples = { times: [40, 10, 20, 30], requests: 5, failed: 1 };

describe('thresholds', () => {
  it.each([
    ['p(95)<500', 38.5, true],
    ['p(50)<=25', 25, true],
    ['med<25', 25, false],
    ['avg>24', 25, true],
    ['min>=10', 10, true],
    ['max<40', 40, false],
    ['rate<0.2', 0.2, false],
    ['rate <= 0.2', 0.2, true],
  ])('%s', (line, value, passed) => {
    const [threshold] = readThresholds([line]);
    if (threshold === undefined) throw new Error('not read');
    expect(measured(threshold.measure, samples)).toBeCloseTo(value);
    expect(holds(threshold, value)).toBe(passed);
  });

  it('has no value where nothing was measured', () => {
    const empty: Samples = { times: [], requests: 0, failed: 0 };
    for (const threshold of readThresholds(['p(95)<500', 'rate<0.01', 'max<1']))
      expect(measured(threshold.measure, empty)).toBeUndefined();
  });

  it('names every line that is none', () => {
    expect(() => readThresholds(['p95<500', 'p(95)<500ms', 'p(101)<1', 'avg<', 'rate<0.01'])).toThrow(
      /4 inputs are wrong/,
    );
  });

  it('has percentiles between the least and the most, rising with the rank', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }),
        fc.nat(100),
        fc.nat(100),
        (times, a, b) => {
          const sorted = times.toSorted((x, y) => x - y);
          const [low, high] = [Math.min(a, b), Math.max(a, b)].map((rank) => percentile(sorted, rank) ?? Number.NaN);
          expect(low).toBeGreaterThanOrEqual(sorted[0] ?? 0);
          expect(high).toBeLessThanOrEqual(sorted.at(-1) ?? 0);
          // Interpolation rounds in the last digit.
          expect(low).toBeLessThanOrEqual((high ?? 0) + 1e-6);
        },
      ),
    );
  });
});
