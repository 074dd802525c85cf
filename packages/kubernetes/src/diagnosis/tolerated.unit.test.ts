// What looks like a fault and may heal, or is none of this release.
import { describe, expect, test } from 'vitest';
import { ago, ended, event, judged, NOT_FOUND, NOW, pod, running, scene, waiting } from './scene-fixture.ts';

describe('tolerated: it may heal', () => {
  test.each([
    ['one crash', scene([pod({ restartCount: 1, state: running, lastState: ended(1) })]), {}],
    [
      'crashes of before we began',
      scene([pod({ restartCount: 7, state: running, lastState: ended(1) })]),
      { baseline: new Map([['p/api', 6]]) },
    ],
    [
      'crashes of an old revision',
      scene([pod({ owner: 'old', restartCount: 9, state: waiting('CrashLoopBackOff'), lastState: ended(1) })]),
      {},
    ],
    [
      'a crash that is allowed',
      scene([pod({ restartCount: 3, state: running, lastState: ended(1) })]),
      { allowedRestarts: 3 },
    ],
    [
      'a pod that is going',
      scene([
        { ...pod({ restartCount: 9, state: ended(1) }), metadata: { ...pod({}).metadata, deletionTimestamp: ago(1) } },
      ]),
      {},
    ],
    ['an evicted pod', scene([pod({ state: ended(137), status: { phase: 'Failed', reason: 'Evicted' } })]), {}],
    ['an init container that is done', scene([pod({ init: true, state: ended(0) })]), {}],
    [
      "the kubelet's own cache",
      scene([
        pod({
          state: waiting(
            'CreateContainerConfigError',
            'failed to sync configmap cache: timed out waiting for the condition',
          ),
        }),
      ]),
      {},
    ],
    [
      'a Secret that an operator is about to make',
      scene([pod({ state: waiting('CreateContainerConfigError', 'secret "tls" not found') })]),
      { missingConfigMs: 60_000 },
    ],
    [
      'a minute without a node',
      scene([
        pod({
          status: {
            phase: 'Pending',
            conditions: [
              { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', lastTransitionTime: ago(59) },
            ],
          },
        }),
      ]),
      {},
    ],
    [
      'a registry that is away',
      scene([
        pod({
          state: waiting('ErrImagePull', 'i/o timeout'),
          status: { conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: ago(10) }] },
        }),
      ]),
      {},
    ],
    [
      'back-off without its reason',
      scene([pod({ state: waiting('ImagePullBackOff', 'Back-off pulling image "acme/not-found"') })]),
      {},
    ],
    [
      'a readiness probe that does not pass yet',
      scene([pod({ state: running })], [event('Unhealthy', 'Readiness probe failed: dial tcp: connection refused')]),
      {},
    ],
    [
      'a quota write that collides',
      scene(
        [],
        [],
        [
          {
            type: 'ReplicaFailure',
            status: 'True',
            message: 'Operation cannot be fulfilled on resourcequotas "few": the object has been modified',
          },
        ],
      ),
      {},
    ],
  ])('%s', (_, given, rules) => {
    expect(judged(given, rules)).toMatchObject({ state: 'waiting' });
  });

  test('what ailed before we began is given time, what is new is not', () => {
    const until = NOW + 55_000;
    const quota = [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: few' }];
    const missing = pod({ state: waiting('ErrImagePull', NOT_FOUND) });
    for (const [given, uid] of [
      [scene([], [], quota, new Set(['new'])), 'new'],
      [scene([missing], [], [], new Set(['p'])), 'p'],
    ] as const) {
      expect(judged(given, { patientUntil: until })).toMatchObject({ state: 'waiting', until });
      expect(judged({ ...given, ailing: new Set([`${uid}-other`]) }, { patientUntil: until })).toMatchObject({
        state: 'doomed',
      });
      expect(judged(given, { patientUntil: NOW - 1 })).toMatchObject({ state: 'doomed' });
    }
  });

  test('it is looked at again when its time is over, and told as a suspicion until then', () => {
    const since = ago(50);
    const given = scene([
      pod({
        status: {
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', lastTransitionTime: since }],
        },
      }),
    ]);
    expect(judged(given)).toMatchObject({ until: Date.parse(since) + 60_000, suspicion: { reason: 'unschedulable' } });
  });
});
