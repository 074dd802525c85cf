// Every rule that dooms a workload, and beside each what looks like it and must not.
import { describe, expect, test } from 'vitest';
import type { ClusterEvent, KubeObject, Pod, ReplicaSet } from '../objects.ts';
import { type Scene, subjectOf } from '../subject.ts';
import { refineByLog } from './crashes.ts';
import type { Rules } from './finding.ts';
import { judge } from './judge.ts';

const NOW = Date.parse('2030-01-01T00:10:00Z');
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();
const RULES: Rules = {
  allowedRestarts: 1,
  unschedulableMs: 60_000,
  missingConfigMs: 0,
  appliedAt: NOW - 5_000,
  patientUntil: 0,
  baseline: new Map(),
};

const deployment = (status: object = {}, spec: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api', uid: 'd', generation: 1, annotations: { 'deployment.kubernetes.io/revision': '2' } },
  spec: { replicas: 1, progressDeadlineSeconds: 600, ...spec },
  status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, ...status },
});
const replicaSet = (revision: string, uid: string, conditions: object[] = []): ReplicaSet =>
  ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `api-${revision}`,
      uid,
      ownerReferences: [{ uid: 'd' }],
      annotations: { 'deployment.kubernetes.io/revision': revision },
    },
    status: { conditions },
  }) as unknown as ReplicaSet;

interface PodParts {
  readonly state?: object;
  readonly lastState?: object;
  readonly restartCount?: number;
  readonly ready?: boolean;
  readonly owner?: string;
  readonly status?: object;
  readonly container?: object;
  readonly init?: boolean;
}

function pod(parts: PodParts): Pod {
  const status = {
    name: 'api',
    image: 'acme/api:1',
    ready: parts.ready ?? false,
    restartCount: parts.restartCount ?? 0,
    state: parts.state ?? {},
    lastState: parts.lastState ?? {},
  };
  const spec = { name: 'api', image: 'acme/api:1', ...parts.container };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'api-1', uid: 'p', creationTimestamp: ago(10), ownerReferences: [{ uid: parts.owner ?? 'new' }] },
    spec: parts.init ? { initContainers: [spec], containers: [{ name: 'main' }] } : { containers: [spec] },
    status: {
      phase: 'Running',
      ...(parts.init ? { initContainerStatuses: [status] } : { containerStatuses: [status] }),
      ...parts.status,
    },
  } as unknown as Pod;
}

const event = (reason: string, message: string, uid = 'p'): ClusterEvent =>
  ({
    reason,
    message,
    involvedObject: { uid, fieldPath: 'spec.containers{api}' },
    metadata: { name: 'e' },
  }) as unknown as ClusterEvent;

const scene = (
  pods: Pod[],
  events: ClusterEvent[] = [],
  conditions: object[] = [],
  ailing: ReadonlySet<string> = new Set(),
): Scene => ({
  replicaSets: [replicaSet('1', 'old'), replicaSet('2', 'new', conditions)],
  pods,
  events,
  ailing,
});
const judged = (given: Scene, rules: Partial<Rules> = {}, object = deployment()) =>
  judge(subjectOf(object, given), { ...RULES, ...rules }, NOW);

const waiting = (reason: string, message = '') => ({ waiting: { reason, message } });
const ended = (exitCode: number, more: object = {}) => ({ terminated: { exitCode, finishedAt: ago(1), ...more } });
const running = { running: { startedAt: ago(100) } };
const NOT_FOUND = 'failed to resolve reference "acme/api:1": acme/api:1: not found';

describe('doomed at once', () => {
  test.each([
    ['image-not-found', scene([pod({ state: waiting('ErrImagePull', NOT_FOUND) })])],
    [
      'image-not-found',
      scene(
        [pod({ state: waiting('ImagePullBackOff', 'Back-off pulling image') })],
        [event('Failed', `Failed to pull image: ${NOT_FOUND}`)],
      ),
    ],
    ['image-not-found', scene([pod({ state: waiting('InvalidImageName', "couldn't parse") })])],
    ['image-not-found', scene([pod({ state: waiting('ErrImageNeverPull') })])],
    [
      'image-denied',
      scene([
        pod({
          state: waiting(
            'ErrImagePull',
            'pull access denied, repository does not exist or may require authorization: insufficient_scope: authorization failed',
          ),
        }),
      ]),
    ],
    [
      'image-denied',
      scene([pod({ state: waiting('ErrImagePull', 'unexpected status from HEAD request: 403 Forbidden') })]),
    ],
    [
      'image-denied',
      scene([pod({ state: waiting('ErrImagePull', 'toomanyrequests: You have reached your pull rate limit') })]),
    ],
    [
      'wrong-architecture',
      scene([pod({ state: waiting('ErrImagePull', 'no match for platform in manifest: not found') })]),
    ],
    ['crash-loop', scene([pod({ restartCount: 1, state: waiting('CrashLoopBackOff'), lastState: ended(3) })])],
    ['crash-loop', scene([pod({ restartCount: 1, state: ended(0) })])],
    [
      'crash-loop',
      scene([pod({ init: true, restartCount: 1, state: waiting('CrashLoopBackOff'), lastState: ended(9) })]),
    ],
    [
      'crash-loop',
      scene([
        pod({
          state: ended(128, { reason: 'StartError', message: 'exec: "nope": executable file not found in $PATH' }),
        }),
      ]),
    ],
    ['crash-loop', scene([pod({ state: waiting('RunContainerError', 'cannot mount') })])],
    [
      'wrong-architecture',
      scene([pod({ state: ended(128, { reason: 'StartError', message: 'exec /bin/app: exec format error' }) })]),
    ],
    [
      'out-of-memory',
      scene([
        pod({ restartCount: 1, state: waiting('CrashLoopBackOff'), lastState: ended(137, { reason: 'OOMKilled' }) }),
      ]),
    ],
    [
      'probe-failing',
      scene(
        [pod({ restartCount: 2, state: waiting('CrashLoopBackOff'), lastState: ended(137) })],
        [
          event('Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500'),
          event('Killing', 'Container api failed liveness probe, will be restarted'),
        ],
      ),
    ],
    [
      'config-missing',
      scene([pod({ state: waiting('CreateContainerConfigError', 'configmap "settings" not found') })]),
    ],
    [
      'config-missing',
      scene([pod({ state: waiting('CreateContainerConfigError', "couldn't find key A in ConfigMap shop/settings") })]),
    ],
    [
      'config-missing',
      scene(
        [pod({ state: waiting('ContainerCreating') })],
        [event('FailedMount', 'MountVolume.SetUp failed for volume "keys" : secret "keys" not found')],
      ),
    ],
    [
      'quota',
      scene(
        [],
        [],
        [
          {
            type: 'ReplicaFailure',
            status: 'True',
            reason: 'FailedCreate',
            message: 'pods "api-1" is forbidden: exceeded quota: few',
          },
        ],
      ),
    ],
    [
      'admission-denied',
      scene(
        [],
        [],
        [
          {
            type: 'ReplicaFailure',
            status: 'True',
            reason: 'FailedCreate',
            message: 'pods "api-1" is forbidden: violates PodSecurity "restricted:latest"',
          },
        ],
      ),
    ],
    [
      'unschedulable',
      scene([
        pod({
          status: {
            phase: 'Pending',
            conditions: [
              {
                type: 'PodScheduled',
                status: 'False',
                reason: 'Unschedulable',
                message: '0/1 nodes are available',
                lastTransitionTime: ago(61),
              },
            ],
          },
        }),
      ]),
    ],
    [
      'error-network',
      scene([
        pod({
          state: waiting('ErrImagePull', 'dial tcp 10.0.0.1:443: i/o timeout'),
          status: { conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: ago(70) }] },
        }),
      ]),
    ],
  ])('%s', (reason, given) => {
    expect(judged(given)).toMatchObject({ state: 'doomed', verdict: { reason, resource: 'Deployment/api' } });
  });

  test('a registry that limits, or is away, may be asked again', () => {
    const limited = judged(scene([pod({ state: waiting('ErrImagePull', 'toomanyrequests: slow down') })]));
    expect(limited).toMatchObject({ verdict: { retryable: true } });
    const missing = judged(scene([pod({ state: waiting('ErrImagePull', NOT_FOUND) })]));
    expect(missing).toMatchObject({ verdict: { retryable: false } });
  });

  test('the cause is named before its effects', () => {
    const quota = [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: few' }];
    expect(judged(scene([pod({ restartCount: 1, state: ended(1) })], [], quota))).toMatchObject({
      verdict: { reason: 'quota' },
    });
  });

  test('container, exit code and the field at fault come with it', () => {
    const given = scene([pod({ restartCount: 1, state: waiting('CrashLoopBackOff'), lastState: ended(3) })]);
    expect(judged(given)).toMatchObject({
      verdict: { container: 'api', exitCode: 3, pod: 'api-1', field: ['spec', 'template', 'spec', 'containers', 0] },
    });
  });
});

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

test('a refusal of the kernel that only the log shows makes a crash loop another processor', () => {
  const judgement = judged(scene([pod({ restartCount: 1, state: ended(126) })]));
  if (judgement.state !== 'doomed') throw new Error('it is doomed');
  expect(refineByLog(judgement.verdict, 'sh: 1: /app: Exec format error\n').reason).toBe('wrong-architecture');
  expect(refineByLog(judgement.verdict, 'panic: no database\n').reason).toBe('crash-loop');
});
