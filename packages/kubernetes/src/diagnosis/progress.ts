import { conditionOf, readinessOf } from '../readiness.ts';
import type { Subject } from '../subject.ts';
import { type Rules, resourceName, type Verdict } from './finding.ts';

/** Kubernetes' default for Deployments; StatefulSets and DaemonSets have no such clock, so they get the same one. */
const DEFAULT_PROGRESS_S = 600;

/**
 * From when on (epoch ms of the cluster) a workload is out of time: Infinity where it has no such clock or the clock still runs on the
 * controller's side. A controller's old "no progress" from before our change counts only once the time has passed since then.
 */
export function progressDeadline(subject: Subject, rules: Rules): number {
  const { object } = subject;
  if (!['Deployment', 'StatefulSet', 'DaemonSet'].includes(object.kind)) return Number.POSITIVE_INFINITY;
  const seconds = progressSeconds(subject);
  if (object.kind === 'Deployment') {
    const progressing = conditionOf(object, 'Progressing');
    if (progressing?.status !== 'False' || progressing.reason !== 'ProgressDeadlineExceeded')
      return Number.POSITIVE_INFINITY;
    return rules.appliedAt === undefined ? rules.patientUntil : rules.appliedAt + seconds * 1_000;
  }
  return rules.appliedAt === undefined ? Number.POSITIVE_INFINITY : rules.appliedAt + seconds * 1_000;
}

function progressSeconds(subject: Subject): number {
  const spec = subject.object.spec as { progressDeadlineSeconds?: number } | undefined;
  return spec?.progressDeadlineSeconds ?? DEFAULT_PROGRESS_S;
}

/** The verdict when nothing more telling was found. */
export function noProgress(subject: Subject): Verdict {
  const readiness = readinessOf(subject.object);
  return {
    reason: 'progress-deadline',
    resource: resourceName(subject.object),
    message: `made no progress for ${progressSeconds(subject)} s: ${readiness.ready ? 'ready at last' : readiness.because}`,
    hint: "look at its pods' events and logs in the evidence; a slow start needs a larger progressDeadlineSeconds",
    retryable: false,
  };
}
