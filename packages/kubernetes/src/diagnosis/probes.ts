import type { Subject } from '../subject.ts';
import {
  type ContainerView,
  containerField,
  containersOf,
  type Detector,
  type Finding,
  resourceName,
} from './finding.ts';

interface FailedProbe {
  readonly kind: 'startup' | 'liveness' | 'readiness';
  /** `HTTP probe failed with statuscode: 500` */
  readonly message: string;
}

/** The newest failed probe of one of these kinds that the kubelet recorded for a container. */
function failedProbe(
  subject: Subject,
  view: ContainerView,
  kinds: readonly FailedProbe['kind'][],
): FailedProbe | undefined {
  for (const event of subject.events.toReversed()) {
    if (event.reason !== 'Unhealthy' || event.involvedObject.uid !== view.pod.metadata.uid) continue;
    if (!event.involvedObject.fieldPath?.includes(`{${view.name}}`)) continue;
    const found = /^(Startup|Liveness|Readiness) probe (?:failed|errored)[^:]*: ?([\s\S]*)$/.exec(event.message ?? '');
    const kind = found?.[1]?.toLowerCase() as FailedProbe['kind'] | undefined;
    if (kind !== undefined && kinds.includes(kind))
      return { kind, message: (found?.[2] ?? '').trim().slice(0, 300) || 'no answer' };
  }
  return undefined;
}

/**
 * The probe by which the kubelet ended a container, or undefined where it ended by itself. A program that dies at once is probed while
 * it is dead, too, so only a container that was killed (137, 143) or that the kubelet said it would restart counts.
 */
export function probeThatKills(subject: Subject, view: ContainerView): FailedProbe | undefined {
  const killed = subject.events.some(
    (event) =>
      event.reason === 'Killing' &&
      event.involvedObject.uid === view.pod.metadata.uid &&
      /failed (startup|liveness) probe/.test(event.message ?? '') &&
      (event.message ?? '').includes(` ${view.name} `),
  );
  return killed ? failedProbe(subject, view, ['startup', 'liveness']) : undefined;
}

/**
 * Containers that run and are not ready. This alone never dooms a workload before its time is up: no probe can tell a slow start from
 * none at all, and failing too early is what users of such tools complain of most after failing too late.
 */
export const probes: Detector = (subject) =>
  subject.pods.flatMap((pod) =>
    containersOf(pod).flatMap((view): Finding[] => {
      if (view.status.ready || view.status.state?.running === undefined || view.isInit) return [];
      const probe = failedProbe(subject, view, ['readiness', 'startup', 'liveness']);
      if (probe === undefined) return [];
      return [
        {
          from: Number.POSITIVE_INFINITY,
          about: pod.metadata.uid,
          verdict: {
            reason: 'probe-failing',
            resource: resourceName(subject.object),
            message: `the ${probe.kind} probe of container ${view.name} does not pass: ${probe.message}`,
            hint: 'compare port and path of the probe with what the program serves, and read its log',
            retryable: false,
            pod: view.pod.metadata.name,
            container: view.name,
            field: containerField(subject.object, view, `${probe.kind}Probe`),
          },
        },
      ];
    }),
  );
