import { parseInputs } from '@deploy-actions/core';
import type { KubeObject, ObservedObject, RecordEntry } from '@deploy-actions/kubernetes';
import { describe, expect, test } from 'vitest';
import { inputs } from './inputs.ts';
import type { Observed } from './observe.ts';
import { describe as describePlan, plan } from './plan.ts';

const given = (more: Record<string, string> = {}) => {
  const env = Object.fromEntries(Object.entries(more).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
  return parseInputs(inputs, env, { workspace: '/', env: {} });
};
const RESOURCE = { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments', namespaced: true };

function workload(replicas: number, image = 'nginx', more: Record<string, unknown> = {}): KubeObject {
  const template = { spec: { containers: [{ name: 'api', image }] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api', namespace: 'shop' },
    spec: { replicas, template, ...more },
  };
}

function observedObject(object: KubeObject, live?: KubeObject): ObservedObject {
  const place = { file: 'a.yaml', line: 1 };
  const manifest = { object, place, source: undefined, placeOf: () => place };
  const preview = live === undefined || JSON.stringify(live.spec) === JSON.stringify(object.spec) ? undefined : object;
  return { manifest, object, resource: RESOURCE, live, preview, adopts: [], synced: false, autoscaled: false };
}

const entry = (revision: number, verdict: RecordEntry['verdict'], rolledBack = false): RecordEntry => ({
  revision,
  verdict,
  rolledBack,
  hash: '',
  images: [],
  at: '',
});

function observed(
  objects: readonly ObservedObject[],
  revisions: readonly RecordEntry[] = [],
  more: Partial<Observed> = {},
): Observed {
  const record = { release: 'shop', namespace: 'shop', revisions, resourceVersion: undefined };
  const about = {
    release: 'shop',
    context: 'prod',
    namespace: 'shop',
    manager: 'deploy-actions:shop',
    commit: 'c',
    run: 'r',
  };
  return { ...about, objects, record, built: {}, ...more };
}

const fresh = observedObject(workload(1));
const same = observedObject(workload(1), workload(1));
const other = observedObject(workload(2), workload(1));

describe('revisions', () => {
  test.each([
    ['a first deployment', observed([fresh]), { revision: 1, previous: undefined, writes: true, first: true }],
    ['a change', observed([other], [entry(1, 'succeeded')]), { revision: 2, previous: 1, writes: true, first: false }],
    [
      'nothing to do',
      observed([same], [entry(1, 'succeeded')]),
      { revision: 1, previous: 1, writes: false, first: false },
    ],
    [
      'nothing to do after a rollback',
      observed([same], [entry(1, 'succeeded'), entry(2, 'failed', true)]),
      { revision: 1, writes: false },
    ],
    [
      'a killed run left all applied',
      observed([same], [entry(1, 'succeeded'), entry(2, 'deploying')]),
      { revision: 3, previous: 1, writes: true },
    ],
    [
      'no run was ever good',
      observed([other], [entry(1, 'failed')]),
      { revision: 2, previous: undefined, first: true },
    ],
    ['another tool deployed it before', observed([other]), { revision: 1, first: false, writes: true }],
  ])('%s', (_, given_, expected) => {
    expect(plan(given(), given_)).toMatchObject(expected);
  });
});

test('with `apply: false` nothing is written, and what is missing is an error', () => {
  const followed = plan(given({ apply: 'false' }), observed([other]));
  expect(followed).toMatchObject({ writes: false, applies: false, changes: [{ kind: 'unchanged' }] });
  expect(describePlan(followed)).toContain('? Deployment/api is followed');
  expect(() => plan(given({ apply: 'false' }), observed([fresh]))).toThrow(/missing: Deployment\/api/);
});

test('an image of this release by another digest is refused', () => {
  const built = { 'ghcr.io/acme/api': { digest: `sha256:${'a'.repeat(64)}` } };
  const tagged = observedObject(workload(1, 'ghcr.io/acme/api:1'));
  expect(() => plan(given(), observed([tagged], [], { built }))).toThrow(
    expect.objectContaining({ reason: 'digest-mismatch' }),
  );
});

test('the hash is of the wish alone: not of what an autoscaler set, nor of what is there', () => {
  const hash = (objects: readonly ObservedObject[]) => plan(given(), observed(objects)).hash;
  expect(hash([fresh])).toBe(hash([same]));
  expect(hash([fresh])).not.toBe(hash([other]));
  const scaled = (replicas: number) => ({ ...observedObject(workload(replicas)), autoscaled: true });
  expect(hash([scaled(2)])).toBe(hash([scaled(5)]));
});

describe('the address of the first Ingress', () => {
  const ingress = (spec: object): ObservedObject =>
    observedObject({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'i' }, spec });
  test.each([
    [{ rules: [{ host: 'shop.example.com' }] }, 'http://shop.example.com'],
    [{ rules: [{ host: 'shop.example.com' }], tls: [{ hosts: ['shop.example.com'] }] }, 'https://shop.example.com'],
    [{ rules: [{ host: 'shop.example.com' }], tls: [{ hosts: ['other.example.com'] }] }, 'http://shop.example.com'],
    [{ rules: [{ host: '*.example.com' }, { host: 'a.example.com' }] }, 'http://a.example.com'],
    [{ defaultBackend: {} }, undefined],
  ])('%j', (spec, url) => {
    expect(plan(given(), observed([ingress(spec)])).environmentUrl).toBe(url);
  });
});

test('objects of custom kinds may make what pods wait for', () => {
  const custom = observedObject({ apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'c' } });
  const ingress = observedObject({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'i' },
    spec: {},
  });
  expect(plan(given(), observed([custom])).lateConfig).toBe(true);
  expect(plan(given(), observed([ingress, fresh])).lateConfig).toBe(false);
});
