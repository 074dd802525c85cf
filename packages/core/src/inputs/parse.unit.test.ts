import { describe, expect, it } from 'vitest';
import { InputError } from '../errors.ts';
import { boolean, duration, integer, list, secretText, text } from './kinds.ts';
import { inputVariable, parseInputs } from './parse.ts';

const fields = {
  name: text({ required: true }),
  'release-name': text({ aliases: ['releaseName'] }),
  replicas: integer({ default: '2' }),
  wait: duration(),
  verbose: boolean({ default: 'false' }),
  tags: list({ default: '' }),
  password: secretText(),
};
const parse = (given: Readonly<Record<string, string>>) => {
  const env = Object.fromEntries(Object.entries(given).map(([name, value]) => [inputVariable(name), value]));
  return parseInputs(fields, env, { workspace: '/workspace', env });
};
function faultsOf(given: Readonly<Record<string, string>>) {
  try {
    parse(given);
  } catch (error) {
    if (error instanceof InputError) return error.faults;
    throw error;
  }
  throw new Error('no fault was found');
}

describe('parseInputs', () => {
  it('reads given values and defaults, and leaves the rest undefined', () => {
    const inputs = parse({ name: 'api', wait: '5s' });
    expect(inputs).toEqual({
      name: 'api',
      'release-name': undefined,
      replicas: 2,
      wait: 5000,
      verbose: false,
      tags: [],
      password: undefined,
    });
  });

  it('types required and defaulted inputs without undefined', () => {
    const inputs = parse({ name: 'api' });
    const name: string = inputs.name;
    const replicas: number = inputs.replicas;
    // @ts-expect-error an input that is neither may be undefined
    const wait: number = inputs.wait;
    expect([name, replicas, wait]).toEqual(['api', 2, undefined]);
  });

  it('counts an empty input as not given', () => {
    expect(parse({ name: 'api', replicas: ' \n', verbose: '' })).toMatchObject({ replicas: 2, verbose: false });
    expect(faultsOf({ name: '  ' })).toEqual([{ input: 'name', message: 'is required' }]);
  });

  it('takes an alias, but not both spellings', () => {
    expect(parse({ name: 'a', releaseName: 'shop' })['release-name']).toBe('shop');
    expect(faultsOf({ name: 'a', releaseName: 'shop', 'release-name': 'shop' })).toEqual([
      { input: 'release-name', message: 'given twice, as `release-name` and `releaseName`', accepted: 'one of them' },
    ]);
  });

  it('takes an alias beside the default, which the runner always gives under the name itself', () => {
    const fields = { size: integer({ default: '3', aliases: ['count'] }) };
    const read = (env: Record<string, string>) => parseInputs(fields, env, { workspace: '/', env });
    expect(read({ INPUT_SIZE: '3', INPUT_COUNT: '5' })).toEqual({ size: 5 });
    expect(() => read({ INPUT_SIZE: '4', INPUT_COUNT: '5' })).toThrow('given twice');
  });

  it('reports all faults of all inputs at once', () => {
    expect(
      faultsOf({ replicas: 'two', wait: '5', verbose: 'yes', nmae: 'x', zzzzzz: 'y' }).map(({ input }) => input),
    ).toEqual(['name', 'replicas', 'wait', 'verbose', 'nmae', 'zzzzzz']);
  });

  it('names the nearest to an unknown input, or all there are', () => {
    expect(faultsOf({ name: 'a', 'relase-name': 'x' })).toEqual([
      { input: 'relase-name', message: 'is no input of this action – did you mean `release-name` or `releaseName`?' },
    ]);
    expect(faultsOf({ name: 'a', quux: 'x' })[0]?.accepted).toBe(
      'name, release-name, replicas, wait, verbose, tags, password, timeout, dry-run, report',
    );
  });

  it('knows the inputs that every action has, and passes over empty unknown ones', () => {
    expect(() => parse({ name: 'a', timeout: '1m', 'dry-run': 'true', report: 'x', unknown: '' })).not.toThrow();
  });

  it('says all of it in one message with a hint', () => {
    expect(() => parse({ replicas: 'x' })).toThrow(
      /2 inputs are wrong:\n {2}name: is required\n {2}replicas: `x` will not do \(accepted: a whole number\)/,
    );
    expect(() => parse({})).toThrow('input name: is required');
  });
});

describe('inputVariable', () => {
  it.each([
    ['dry-run', 'INPUT_DRY-RUN'],
    ['a b', 'INPUT_A_B'],
    ['renderEngine', 'INPUT_RENDERENGINE'],
  ])('%s is %s', (name, variable) => {
    expect(inputVariable(name)).toBe(variable);
  });
});
