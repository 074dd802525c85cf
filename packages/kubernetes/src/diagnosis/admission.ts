import { conditionOf } from '../readiness.ts';
import type { Subject } from '../subject.ts';
import { type Detector, type Finding, resourceName } from './finding.ts';

/** Pods that a controller may not create: a quota, Pod Security, a webhook. The API server's words come with it. */
export const admission: Detector = (subject) => {
  const refused = refusal(subject);
  if (refused === undefined || retried(refused.message)) return [];
  const quota = /exceeded quota/.test(refused.message);
  const finding: Finding = {
    from: 0,
    about: refused.about,
    verdict: {
      reason: quota ? 'quota' : 'admission-denied',
      resource: resourceName(subject.object),
      message: `its pods may not be created: ${refused.message}`,
      hint: quota
        ? 'raise the quota of the namespace, or ask for less; during a rolling update old and new pods count together (maxSurge)'
        : 'change what the rule objects to, or have the rule changed',
      retryable: false,
    },
  };
  return [finding];
};

interface Refusal {
  readonly message: string;
  /** Uid of who may not create them. */
  readonly about: string | undefined;
}

function refusal(subject: Subject): Refusal | undefined {
  // ReplicaSets say it in a condition; StatefulSets, DaemonSets and Jobs only in an event.
  if (subject.object.kind === 'Deployment') {
    const failure = subject.replicaSet === undefined ? undefined : conditionOf(subject.replicaSet, 'ReplicaFailure');
    if (failure?.status !== 'True') return undefined;
    return { message: failure.message ?? failure.reason ?? '', about: subject.replicaSet?.metadata.uid };
  }
  if (subject.object.kind === 'Pod') return undefined;
  const events = subject.events.filter((event) => event.involvedObject.uid === subject.object.metadata.uid);
  const last = events.at(-1);
  // Events of before we began to look are not among these.
  return last?.reason === 'FailedCreate' ? { message: last.message ?? '', about: undefined } : undefined;
}

/** Quota writes that collide, and an API server out of breath, are no refusal: the controller tries again. */
function retried(message: string): boolean {
  return /object has been modified|etcdserver|timed? ?out|connection refused|Internal error|no API token found|error looking up service account/i.test(
    message,
  );
}
