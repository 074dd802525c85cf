// Every fault that no time heals.
import { describe, expect, test } from 'vitest';
import { refineByLog } from './crashes.ts';
import { ago, ended, event, judged, NOT_FOUND, pod, scene, waiting } from './scene-fixture.ts';

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

test('a refusal of the kernel that only the log shows makes a crash loop another processor', () => {
  const judgement = judged(scene([pod({ restartCount: 1, state: ended(126) })]));
  if (judgement.state !== 'doomed') throw new Error('it is doomed');
  expect(refineByLog(judgement.verdict, 'sh: 1: /app: Exec format error\n').reason).toBe('wrong-architecture');
  expect(refineByLog(judgement.verdict, 'panic: no database\n').reason).toBe('crash-loop');
});
