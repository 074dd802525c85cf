import { InputError, parseInputs } from '@deploy-actions/core';
import { describe, expect, test } from 'vitest';
import { inputs } from './inputs.ts';
import { wantedSecrets } from './wanted.ts';

function wanted(given: Readonly<Record<string, string>>) {
  const env = Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
  return wantedSecrets(parseInputs(inputs, env, { workspace: '/', env: {} }));
}
const plain = (data: Record<string, { reveal(): string }>) =>
  Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value.reveal(), 'base64').toString('utf8')]),
  );

test('text and base64 make one Secret', () => {
  const [secret] = wanted({ 'secret-name': 'api', 'string-data': '{ A: "x: #y" }', data: '{ B: eQ== }' });
  expect(secret).toMatchObject({ name: 'api', type: 'Opaque' });
  expect(plain(secret?.data ?? {})).toEqual({ A: 'x: #y', B: 'y' });
});

test('several come beside one, all with the type that is given', () => {
  const all = wanted({
    'secret-name': 'api',
    'string-data': '{ A: x }',
    secrets: '{ web: { B: y } }',
    'secret-type': 'example.com/t',
  });
  expect(all.map(({ name, type }) => [name, type])).toEqual([
    ['api', 'example.com/t'],
    ['web', 'example.com/t'],
  ]);
});

test('an empty mapping asks for no keys, which takes away those that we gave before', () => {
  expect(wanted({ 'secret-name': 'api', 'string-data': '{}' })).toMatchObject([{ name: 'api', data: {} }]);
});

describe('contradictions are told together', () => {
  test.each([
    [{}, ['secret-name']],
    [{ 'string-data': '{ A: x }' }, ['secret-name']],
    [{ 'secret-name': 'api' }, ['string-data']],
    [{ 'secret-name': 'No_Name', data: '{ A: "!" }' }, ['data', 'secret-name']],
    [{ 'secret-name': 'api', 'string-data': '{ A: x }', data: '{ A: eA== }' }, ['data']],
    [{ 'secret-name': 'api', 'string-data': '{ A: x }', secrets: '{ api: { B: y } }' }, ['secrets']],
    [
      { 'secret-name': 'api', 'container-registry-url': 'ghcr.io' },
      ['container-registry-username', 'container-registry-password'],
    ],
  ])('%j', (given, names) => {
    const error = (() => {
      try {
        return wanted(given);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).faults.map((fault) => fault.input)).toEqual(names);
  });
});
