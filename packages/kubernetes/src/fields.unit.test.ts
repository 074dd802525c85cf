import { Secret } from '@deploy-actions/core';
import { expect, test } from 'vitest';
import { extract, holdsField, ownedBy, union } from './fields.ts';
import type { KubeObject } from './objects.ts';

const live: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'api',
    namespace: 'shop',
    uid: 'u',
    labels: { app: 'api', theirs: 'x' },
    managedFields: [
      {
        manager: 'ours',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': { 'f:labels': { 'f:app': {} } },
          'f:spec': {
            'f:replicas': {},
            'f:template': {
              'f:spec': {
                'f:containers': {
                  'k:{"name":"api"}': {
                    '.': {},
                    'f:name': {},
                    'f:image': {},
                    'f:env': { 'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
                    'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
                  },
                },
                'f:volumes': { 'k:{"name":"tmp"}': { '.': {}, 'f:name': {}, 'f:emptyDir': {} } },
              },
            },
          },
        },
      },
      { manager: 'other', operation: 'Update', fieldsV1: { 'f:metadata': { 'f:labels': { 'f:theirs': {} } } } },
      { manager: 'ours', operation: 'Update', subresource: 'status', fieldsV1: { 'f:status': { 'f:replicas': {} } } },
    ],
  },
  spec: {
    replicas: 3,
    paused: false,
    template: {
      spec: {
        containers: [
          { name: 'side', image: 'injected' },
          {
            name: 'api',
            image: 'nginx',
            imagePullPolicy: 'Always',
            env: [
              { name: 'B', value: '2' },
              { name: 'A', value: '1' },
            ],
            ports: [{ containerPort: 80, protocol: 'TCP' }],
          },
        ],
        volumes: [{ name: 'tmp', emptyDir: {} }],
      },
    },
  },
  status: { replicas: 3 },
};
const ours = ownedBy(live, (entry) => entry.manager === 'ours');

test('what is extracted is what the owner would apply, and no more', () => {
  expect(extract(live, ours)).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api', namespace: 'shop', labels: { app: 'api' } },
    spec: {
      replicas: 3,
      template: {
        spec: {
          containers: [
            { name: 'api', image: 'nginx', env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] },
          ],
          volumes: [{ name: 'tmp', emptyDir: {} }],
        },
      },
    },
  });
});

test('an owner of nothing would apply the bare object', () => {
  expect(extract(live, {})).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api', namespace: 'shop' },
  });
});

test('items of a set are told by their value, those of a list by their place', () => {
  const object: KubeObject = { ...live, metadata: { name: 'x', finalizers: ['a', 'b'] }, list: ['p', 'q'] };
  const fields = { 'f:metadata': { 'f:finalizers': { 'v:"b"': {} } }, 'f:list': { 'i:0': {} } };
  expect(extract(object, fields)).toMatchObject({ metadata: { finalizers: ['b'] }, list: ['p'] });
});

test('values of Secrets stay wrapped', () => {
  const secret: KubeObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's' },
    data: { a: new Secret('x'), b: new Secret('y') },
  };
  const part = extract(secret, { 'f:data': { '.': {}, 'f:a': {} } });
  expect(part.data).toEqual({ a: expect.any(Secret) });
});

test('two sets together hold the fields of both', () => {
  const both = union({ 'f:a': { 'f:x': {} } }, { 'f:a': { 'f:y': {} }, 'f:b': {} });
  expect(both).toEqual({ 'f:a': { 'f:x': {}, 'f:y': {} }, 'f:b': {} });
  expect(holdsField(both, ['a', 'y'])).toBe(true);
  expect(holdsField(both, ['a', 'z'])).toBe(false);
});
