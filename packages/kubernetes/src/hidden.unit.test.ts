import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { hideValues, revealedJson } from './hidden.ts';
import type { KubeObject } from './objects.ts';

const secret: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'api',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"password":"aHVudGVyMg=="}}',
      kept: 'yes',
    },
  },
  data: { password: 'aHVudGVyMg==' },
  stringData: { token: 'plain-token' },
};

test('no value of a Secret object is printed by accident', () => {
  const hidden = hideValues(secret);
  for (const printed of [JSON.stringify(hidden), inspect(hidden, { depth: 9 }), `${hidden.data}`]) {
    expect(printed).not.toMatch(/aHVudGVyMg|plain-token|hunter2/);
  }
  expect(hidden.metadata.annotations).toEqual({ kept: 'yes' });
});

test('the API server gets the values, stringData in the form in which it stores them', () => {
  expect(JSON.parse(revealedJson(hideValues(secret))).data).toEqual({
    password: 'aHVudGVyMg==',
    token: Buffer.from('plain-token').toString('base64'),
  });
});

test('another kind keeps its data as it is', () => {
  const configMap: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'api' }, data: { a: 'b' } };
  expect(hideValues(configMap)).toBe(configMap);
});
