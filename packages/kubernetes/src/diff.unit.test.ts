import { Secret } from '@deploy-actions/core';
import { describe, expect, test } from 'vitest';
import { diffObjects, renderDiff } from './diff.ts';
import type { KubeObject } from './objects.ts';
import { parseQuantity } from './quantity.ts';

const object = (spec: unknown, more: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name: 'a', resourceVersion: String(Math.random()) },
  spec,
  ...more,
});
const lines = (before: unknown, after: unknown) => renderDiff(diffObjects(object(before), object(after)));

describe('what differs is told field by field', () => {
  test.each([
    [{ a: 1 }, { a: 2 }, ['~ spec.a: 1 → 2']],
    [{ a: 1 }, {}, ['- spec.a: 1']],
    [{}, { a: { b: 1 } }, ['+ spec.a: {"b":1}']],
    [
      {
        c: [
          { name: 'x', v: 1 },
          { name: 'y', v: 1 },
        ],
      },
      {
        c: [
          { name: 'y', v: 2 },
          { name: 'x', v: 1 },
        ],
      },
      ['~ spec.c[y].v: 1 → 2'],
    ],
    [{ c: ['a', 'b'] }, { c: ['a', 'c'] }, ['~ spec.c[1]: "b" → "c"']],
    // An open rule and no rule are opposites, though both look empty.
    [{ ingress: [{}] }, { ingress: [] }, ['- spec.ingress[0]: {}']],
  ])('%j → %j', (before, after, expected) => {
    expect(lines(before, after)).toEqual(expected);
  });
});

describe('what the API server writes otherwise is no difference', () => {
  test.each([
    [
      { resources: { limits: { cpu: '1000m', memory: '1Gi' } } },
      { resources: { limits: { cpu: '1', memory: '1024Mi' } } },
    ],
    [{ a: null }, {}],
    [{ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }],
  ])('%j = %j', (before, after) => {
    expect(lines(before, after)).toEqual([]);
  });

  test('but a text that only looks like an amount is one', () => {
    expect(lines({ env: [{ name: 'A', value: '1000m' }] }, { env: [{ name: 'A', value: '1' }] })).toHaveLength(1);
  });

  test('status and what the server keeps for itself do not count', () => {
    expect(diffObjects(object({}, { status: { a: 1 } }), object({}, { status: { a: 2 } }))).toEqual([]);
  });
});

test('a value of a Secret is told as changed and never shown', () => {
  const secret = (value: string) => object({}, { data: { password: new Secret(value) } });
  expect(renderDiff(diffObjects(secret('old'), secret('new')))).toEqual(['~ data.password: "***" → "***"']);
  expect(diffObjects(secret('same'), secret('same'))).toEqual([]);
  expect(JSON.stringify(diffObjects(undefined, secret('new')))).not.toContain('new');
});

test.each([
  ['500m', 0.5],
  ['1Ki', 1024],
  ['1.5G', 1.5e9],
  ['2', 2],
  ['1e3', 1000],
  ['abc', undefined],
  ['', undefined],
])('the quantity %s', (text, amount) => {
  expect(parseQuantity(text)).toBe(amount);
});
