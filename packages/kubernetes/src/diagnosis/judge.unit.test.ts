// Clocks, readiness that the pods deny, and Jobs.
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../objects.ts';
import {
  ago,
  deployment,
  ended,
  event,
  judged,
  NOT_FOUND,
  NOW,
  pod,
  running,
  scene,
  waiting,
} from './scene-fixture.ts';

describe('out of time', () => {
  const stalled = {
    conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', lastUpdateTime: ago(1) }],
  };

  test("the controller's word counts once its time has passed since our change", () => {
    const given = scene([]);
    expect(judged(given, { appliedAt: NOW - 601_000 }, deployment(stalled))).toMatchObject({
      state: 'doomed',
      verdict: { reason: 'progress-deadline' },
    });
    expect(judged(given, { appliedAt: NOW - 5_000 }, deployment(stalled))).toMatchObject({
      state: 'waiting',
      until: NOW + 595_000,
    });
    expect(judged(given, { appliedAt: undefined }, deployment(stalled))).toMatchObject({ state: 'doomed' });
  });

  test('what was suspected is the reason then', () => {
    const given = scene([pod({ state: running })], [event('Unhealthy', 'Readiness probe failed: no database')]);
    expect(judged(given, { appliedAt: NOW - 601_000 }, deployment(stalled))).toMatchObject({
      state: 'doomed',
      verdict: { reason: 'probe-failing', message: expect.stringContaining('no database') },
    });
  });

  test('StatefulSets have the same time', () => {
    const set = { ...deployment({ updateRevision: 'b', currentRevision: 'a', readyReplicas: 0 }), kind: 'StatefulSet' };
    expect(judged(scene([]), { appliedAt: NOW - 601_000 }, set)).toMatchObject({
      state: 'doomed',
      verdict: { reason: 'progress-deadline' },
    });
    expect(judged(scene([]), { appliedAt: NOW - 599_000 }, set)).toMatchObject({ state: 'waiting' });
  });
});

describe('ready by its status', () => {
  const available = deployment({ availableReplicas: 1 });
  const lives = (seconds: number) => scene([pod({ ready: true, state: { running: { startedAt: ago(seconds) } } })]);

  test('and its pods say the same', () => expect(judged(lives(10), {}, available)).toEqual({ state: 'ready' }));
  test('but a container is down', () => {
    expect(judged(scene([pod({ state: ended(1) })]), {}, available)).toMatchObject({ state: 'waiting' });
  });
  test('but nothing probes a container that has just begun', () => {
    expect(judged(lives(1), {}, available)).toMatchObject({ state: 'waiting', until: NOW + 1_500 });
  });
  test('and a probe has passed, however young it is', () => {
    const young = pod({ ready: true, state: { running: { startedAt: ago(0) } }, container: { readinessProbe: {} } });
    expect(judged(scene([young]), {}, available)).toEqual({ state: 'ready' });
  });
});

describe('Jobs', () => {
  const job = (status: object): KubeObject => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'migrate', uid: 'new' },
    spec: {},
    status,
  });
  const failed = {
    conditions: [
      {
        type: 'Failed',
        status: 'True',
        reason: 'BackoffLimitExceeded',
        message: 'Job has reached the specified backoff limit',
      },
    ],
  };

  test('fail by their own condition, with the exit code of the pod', () => {
    expect(judged(scene([pod({ state: ended(2) })]), {}, job(failed))).toMatchObject({
      state: 'doomed',
      verdict: { reason: 'job-failed', exitCode: 2, resource: 'Job/migrate' },
    });
  });
  test('may try again as often as they say', () => {
    expect(judged(scene([pod({ restartCount: 5, state: ended(2) })]), {}, job({ failed: 2, active: 1 }))).toMatchObject(
      { state: 'waiting' },
    );
  });
  test('are doomed by what no try mends', () => {
    expect(judged(scene([pod({ state: waiting('ErrImagePull', NOT_FOUND) })]), {}, job({ active: 1 }))).toMatchObject({
      verdict: { reason: 'image-not-found' },
    });
  });
});
