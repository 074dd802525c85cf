import { describe, expect, test } from 'vitest';
import type { KubeObject } from './objects.ts';
import { readinessOf } from './readiness.ts';

function object(kind: string, spec: object, status: object, generation = 2): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'x', generation },
    spec,
    status: { observedGeneration: generation, ...status },
  };
}
const condition = (type: string, status = 'True') => ({ conditions: [{ type, status }] });

const DONE = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };
const SET = { ...DONE, currentRevision: 'b', updateRevision: 'b' };
const DAEMON = { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 };

describe('ready', () => {
  test.each([
    ['a Deployment with all replicas', object('Deployment', { replicas: 3 }, DONE)],
    ['a Deployment of none', object('Deployment', { replicas: 0 }, {})],
    [
      'a Deployment without a number means one',
      object('Deployment', {}, { replicas: 1, updatedReplicas: 1, availableReplicas: 1 }),
    ],
    ['a StatefulSet', object('StatefulSet', { replicas: 3 }, SET)],
    [
      'a StatefulSet up to its partition',
      object(
        'StatefulSet',
        { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
        { ...SET, updatedReplicas: 1, currentRevision: 'a' },
      ),
    ],
    [
      'a StatefulSet that a person updates',
      object(
        'StatefulSet',
        { replicas: 3, updateStrategy: { type: 'OnDelete' } },
        { ...SET, updatedReplicas: 0, currentRevision: 'a' },
      ),
    ],
    ['a DaemonSet', object('DaemonSet', {}, DAEMON)],
    ['a DaemonSet without a node', object('DaemonSet', {}, {})],
    ['a Job that is complete', object('Job', {}, condition('Complete'))],
    ['a Pod that is ready', object('Pod', {}, condition('Ready'))],
    ['a Pod that has done its work', object('Pod', {}, { phase: 'Succeeded' })],
    ['a definition that is established', object('CustomResourceDefinition', {}, condition('Established'))],
    ['any other kind', object('ConfigMap', {}, {})],
  ])('%s', (_, given) => {
    expect(readinessOf(given)).toEqual({ ready: true });
  });
});

describe('not ready, and why', () => {
  test.each([
    [
      'its status is of the spec before',
      object('Deployment', { replicas: 3 }, { ...DONE, observedGeneration: 1 }),
      'waits for its controller',
    ],
    ['it is paused', object('Deployment', { replicas: 3, paused: true }, { ...DONE, updatedReplicas: 0 }), 'is paused'],
    ['not all are updated', object('Deployment', { replicas: 3 }, { ...DONE, updatedReplicas: 1 }), '1 of 3 updated'],
    [
      'an old pod is still there',
      object('Deployment', { replicas: 3 }, { ...DONE, replicas: 4 }),
      '1 old pending termination',
    ],
    [
      'not all are available',
      object('Deployment', { replicas: 3 }, { ...DONE, availableReplicas: 2 }),
      '2 of 3 available',
    ],
    ['nothing is there yet', object('Deployment', {}, {}), '0 of 1 updated'],
    [
      'a StatefulSet has not updated all',
      object('StatefulSet', { replicas: 3 }, { ...SET, updatedReplicas: 2 }),
      '2 of 3 updated',
    ],
    [
      'one of its pods is not ready',
      object('StatefulSet', { replicas: 3 }, { ...SET, readyReplicas: 2 }),
      '2 of 3 ready',
    ],
    [
      'its last pod is being replaced',
      object('StatefulSet', { replicas: 3 }, { ...SET, currentRevision: 'a' }),
      'waits for the last pod to be replaced',
    ],
    ['a node lacks the DaemonSet', object('DaemonSet', {}, { ...DAEMON, numberAvailable: 1 }), '1 of 2 available'],
    ['a Job that only counts a success', object('Job', {}, { succeeded: 1 }), '0 active, 1 succeeded, 0 failed'],
    [
      'a Job that has failed',
      object('Job', {}, { failed: 1, ...condition('Failed') }),
      '0 active, 0 succeeded, 1 failed',
    ],
    ['a Pod that failed', object('Pod', {}, { phase: 'Failed' }), 'is failed'],
    [
      'a definition whose names clash',
      object('CustomResourceDefinition', {}, condition('Established', 'False')),
      'is not established yet',
    ],
  ])('%s', (_, given, because) => {
    expect(readinessOf(given)).toEqual({ ready: false, because });
  });
});
