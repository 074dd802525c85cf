import { Secret } from '@deploy-actions/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Variables } from '../variables.ts';
import { expandFile } from './expand.ts';

const variables = (values: Readonly<Record<string, string | undefined>>): Variables =>
  new Map(Object.entries(values).map(([name, value]) => [name, value === undefined ? undefined : new Secret(value)]));

const expand = (text: string, values: Readonly<Record<string, string | undefined>>) =>
  expandFile({ file: 'k8s/a.yaml', text }, variables(values));
const textOf = (text: string, values: Readonly<Record<string, string | undefined>>) => expand(text, values).file.text;

describe('expandFile', () => {
  it.each([
    ['a number where it stands alone', 'replicas: ${N}', { N: '3' }, 'replicas: 3'],
    ['text beside text', 'host: api-${ENV}.example.com', { ENV: 'staging' }, 'host: api-staging.example.com'],
    ['quotes where plain text would be structure', 'a: ${X}', { X: 'b: c' }, 'a: "b: c"'],
    ['a line break inside of a text', 'a: ${X}', { X: 'b\nc: d' }, 'a: "b\\nc: d"'],
    ['quotes that stay quotes', 'a: "${X}"', { X: 'say "hi"' }, 'a: "say \\"hi\\""'],
    ['single quotes', "a: '${X}'", { X: "it's" }, 'a: "it\'s"'],
    ['a flow mapping', 'a: { newTag: ${TAG}, b: 1 }', { TAG: '1.2.3' }, 'a: { newTag: 1.2.3, b: 1 }'],
    ['a flow mapping, with what would end it', 'a: [${X}]', { X: 'b]' }, 'a: ["b]"]'],
    ['a commit of digits as text', 'images:\n  - newTag: ${SHA}', { SHA: '0123456' }, 'images:\n  - newTag: "0123456"'],
    [
      'an environment value as text',
      'env:\n  - { name: DEBUG, value: ${D} }',
      { D: 'true' },
      'env:\n  - { name: DEBUG, value: "true" }',
    ],
    ['a label as text', 'labels:\n  build: ${N}', { N: '42' }, 'labels:\n  build: "42"'],
    ['an odd number as text wherever it stands', 'a: ${X}', { X: '1234e56' }, 'a: "1234e56"'],
    ['a number with a fraction', 'a: ${X}', { X: '-1.5' }, 'a: -1.5'],
    ['a key', '${K}: v', { K: 'name' }, 'name: v'],
    [
      'comments and spacing as they were',
      '# ${A}\na:   ${A}   # ${A}\n\nb: 1',
      { A: 'x' },
      '# ${A}\na:   x   # ${A}\n\nb: 1',
    ],
    ['a block scalar, further lines indented', 'a: |\n  x ${A}\n  y', { A: '1\n2' }, 'a: |\n  x 1\n  2\n  y'],
    [
      'what is not listed as it was',
      'a: |\n  $http_host ${OTHER} $A ${A}',
      { A: 'x' },
      'a: |\n  $http_host ${OTHER} $A x',
    ],
    ['two dollars as one', 'a: $${A} ${A}', { A: 'x' }, 'a: "${A} x"'],
  ])('keeps %s', (_, text, values, expected) => {
    expect(textOf(text, values as Record<string, string>)).toBe(expected);
  });

  it('names each variable without a value, with file and line', () => {
    const { faults } = expand('a: ${A}\nb: |\n  one\n  ${B}\nc: ${C}\n', { A: undefined, B: undefined, C: 'x' });
    expect(faults.map(({ reason, message, place }) => [reason, message, place.line])).toEqual([
      ['undefined-variable', 'k8s/a.yaml:1: ${A} has no value', 1],
      ['undefined-variable', 'k8s/a.yaml:4: ${B} has no value', 4],
    ]);
  });

  it('lets no image go with a variable in it', () => {
    expect(expand('image: acme/api:${TAG}\nother: ${TAG}\n', {}).faults.map((fault) => fault.message)).toEqual([
      'k8s/a.yaml:1: ${TAG} is not listed in `variables`',
    ]);
  });

  it('never lets a value become structure', () => {
    const templates = ['a: ${X}', 'a: "${X}"', "a: '${X}'", 'a: [${X}]', 'a: { b: ${X} }', '- ${X}', 'a: x${X}y'];
    fc.assert(
      fc.property(
        fc.constantFrom(...templates),
        fc.string({ unit: fc.constantFrom(...':{}[],#&*!|>\'"%@`-?\n\t a1~.'.split('')) }),
        (template, value) => {
          const parsed: unknown = parse(textOf(template, { X: value }), { version: '1.1' });
          const leaves = JSON.stringify(parsed, (_, part: unknown) =>
            typeof part === 'object' && part !== null ? part : 'leaf',
          );
          const shape = JSON.stringify(parse(textOf(template, { X: 'plain' })), (_, part: unknown) =>
            typeof part === 'object' && part !== null ? part : 'leaf',
          );
          expect(leaves).toBe(shape);
        },
      ),
    );
  });
});
