import { Secret } from '@deploy-actions/core';
import { expect, test } from 'vitest';
import type { Sent } from './apply.ts';
import { rolloutManager, secretsManager } from './managers.ts';
import type { Manifest } from './manifests.ts';
import type { KubeObject } from './objects.ts';
import type { ObservedObject } from './observe.ts';
import { hasChanges, type PlannedChange, planChanges, renderFullDiff, renderPlan } from './plan.ts';
import { scales, withLiveReplicas } from './replicas.ts';
import { planRestore } from './restore.ts';

const MANAGER = rolloutManager('shop');
const RESOURCE = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };

function configMap(
  data: Record<string, unknown>,
  managers: Record<string, string[]> = {},
  kind = 'ConfigMap',
): KubeObject {
  const managedFields = Object.entries(managers).map(([manager, keys]) => ({
    manager,
    operation: manager === MANAGER ? 'Apply' : 'Update',
    apiVersion: 'v1',
    fieldsV1: { 'f:data': Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) },
  }));
  return { apiVersion: 'v1', kind, metadata: { name: 'a', namespace: 'shop', managedFields }, data };
}

function observed(parts: Partial<ObservedObject> & Pick<ObservedObject, 'object'>): ObservedObject {
  const manifest: Manifest = {
    object: parts.object,
    place: { file: 'a.yaml', line: 1 },
    source: undefined,
    placeOf: () => ({ file: 'a.yaml', line: 1 }),
  };
  return {
    manifest,
    resource: RESOURCE,
    live: undefined,
    preview: undefined,
    adopts: [],
    synced: false,
    autoscaled: false,
    ...parts,
  };
}

const planOne = (entry: ObservedObject): PlannedChange => {
  const [change] = planChanges([entry], MANAGER);
  if (change === undefined) throw new Error('one object, one change');
  return change;
};

test('what is not there is created, what differs updated, what is the same left', () => {
  const object = configMap({ a: '1' });
  expect(planOne(observed({ object })).kind).toBe('create');
  expect(planOne(observed({ object, live: configMap({ a: '0' }), preview: configMap({ a: '1' }) })).kind).toBe(
    'update',
  );
  expect(planOne(observed({ object, live: configMap({ a: '1' }), preview: configMap({ a: '1' }) })).kind).toBe(
    'unchanged',
  );
  expect(planOne(observed({ object, live: configMap({ a: '1' }) })).kind).toBe('unchanged');
  expect(hasChanges(planChanges([observed({ object, live: object })], MANAGER))).toBe(false);
});

test('to put back, the fields are sent that were ours', () => {
  const live = configMap({ a: '0', theirs: 'x' }, { [MANAGER]: ['a'], other: ['theirs'] });
  const change = planOne(
    observed({ object: configMap({ a: '1' }), live, preview: configMap({ a: '1', theirs: 'x' }) }),
  );
  expect(change.before?.data).toEqual({ a: '0' });
});

test('and those that were taken from others, which would vanish otherwise', () => {
  const live = configMap({ a: '0', 'b.c': 'old' }, { [MANAGER]: ['a'], other: ['b.c'] });
  const change = planOne(
    observed({ object: configMap({ a: '0', 'b.c': 'new' }), live, preview: configMap({ a: '0', 'b.c': 'new' }) }),
  );
  expect(change.before?.data).toEqual({ a: '0', 'b.c': 'old' });
});

test('what kubectl applied and the manifest no longer has is told as going', () => {
  const live = configMap({ a: '1', gone: 'x' }, { 'kubectl-client-side-apply': ['a', 'gone'] });
  const adopts = ['kubectl-client-side-apply'];
  const change = planOne(
    observed({ object: configMap({ a: '1' }), live, preview: configMap({ a: '1', gone: 'x' }), adopts }),
  );
  expect(change).toMatchObject({ kind: 'update', fields: [{ field: 'data.gone', before: 'x', after: undefined }] });
});

test('a Secret prints no value, in the plan or in the diff, and one of sync-secrets is left', () => {
  const object = configMap({ PASSWORD: new Secret('aHVudGVyMg==') }, {}, 'Secret');
  const changes = planChanges([observed({ object })], MANAGER);
  for (const printed of [JSON.stringify(changes), renderPlan(changes).join('\n'), renderFullDiff(changes)]) {
    expect(printed).not.toContain('aHVudGVyMg');
  }
  const live = configMap({}, { [secretsManager('shop')]: [] }, 'Secret');
  expect(planOne(observed({ object, live, synced: true })).kind).toBe('left');
});

test('putting back sends what was, deletes what was made, and keeps data, namespaces and Jobs', () => {
  const created = (kind: string) => planOne(observed({ object: configMap({}, {}, kind) }));
  const updated = (kind: string) =>
    planOne(
      observed({
        object: configMap({ a: '1' }, {}, kind),
        live: configMap({ a: '0' }, {}, kind),
        preview: configMap({ a: '1' }, {}, kind),
      }),
    );
  const changes = [
    created('ConfigMap'),
    created('PersistentVolumeClaim'),
    created('Namespace'),
    updated('Deployment'),
    updated('Job'),
  ];
  const journal = new Map(
    changes.map((change): [PlannedChange, Sent] => [change, { change, after: undefined, at: 0 }]),
  );
  const plan = planRestore(journal);
  expect(plan.reapply.map((change) => change.ref.kind)).toEqual(['Deployment']);
  expect(plan.remove.map(({ change }) => change.ref.kind)).toEqual(['ConfigMap']);
  expect(plan.kept.map((change) => change.ref.kind)).toEqual(['PersistentVolumeClaim', 'Namespace']);
});

const workload = (replicas: number, fieldsV1: object = {}, manager = MANAGER): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'api',
    namespace: 'shop',
    managedFields: [{ manager, operation: manager === MANAGER ? 'Apply' : 'Update', subresource: 'scale', fieldsV1 }],
  },
  spec: { replicas },
});

test('under an autoscaler the live count is sent until another manager owns it', () => {
  expect(withLiveReplicas(workload(2), undefined, MANAGER).spec).toEqual({ replicas: 2 });
  expect(withLiveReplicas(workload(2), workload(4), MANAGER).spec).toEqual({ replicas: 4 });
  const scaled = workload(4, { 'f:spec': { 'f:replicas': {} } }, 'kube-controller-manager');
  expect(withLiveReplicas(workload(2), scaled, MANAGER).spec).toEqual({});
});

test('an autoscaler is told by kind, name, group and namespace of its target', () => {
  const autoscaler = (target: object, namespace = 'shop'): KubeObject => ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'api', namespace },
    spec: { scaleTargetRef: target },
  });
  const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' };
  expect(scales(autoscaler(target), workload(1))).toBe(true);
  expect(scales(autoscaler({ ...target, name: 'web' }), workload(1))).toBe(false);
  expect(scales(autoscaler({ ...target, kind: 'StatefulSet' }), workload(1))).toBe(false);
  expect(scales(autoscaler(target, 'other'), workload(1))).toBe(false);
});
