import { expect, it } from 'vitest';
import { readVariables } from './variables.ts';

it('takes a value as it is given, or from the environment', () => {
  const variables = readVariables(['A', 'B=x=y', 'C=', 'D'], { A: '1', B: 'not this' });
  expect([...variables].map(([name, value]) => [name, value?.reveal()])).toEqual([
    ['A', '1'],
    ['B', 'x=y'],
    ['C', ''],
    ['D', undefined],
  ]);
});

it('names what is no variable, and never its value', () => {
  expect(() => readVariables(['1A=secret', 'A', 'A'], {})).toThrow(/"1A" is no name[\s\S]*A is given twice/);
  expect(() => readVariables(['1A=secret'], {})).toThrow(/^(?!.*secret)/);
});
