import { conditionOf } from '../readiness.ts';
import { crashVerdict } from './crashes.ts';
import { containersOf, type Detector, type Finding, resourceName } from './finding.ts';

/** Jobs that ended without success. Only the Job's own condition counts: how often it may try again is its author's word. */
export const jobs: Detector = (subject) => {
  if (subject.object.kind !== 'Job') return [];
  const failed = conditionOf(subject.object, 'Failed');
  if (failed?.status !== 'True') return [];
  const views = subject.pods.flatMap(containersOf);
  const ended = views.find((view) => (view.status.state?.terminated?.exitCode ?? 0) !== 0);
  const cause = ended === undefined ? undefined : crashVerdict(subject, ended, 1);
  const words = [failed.reason, failed.message].filter((word) => word !== undefined && word !== '').join(': ');
  const finding: Finding = {
    from: 0,
    // A Job has one life: what failed once is not mended by anything around it.
    about: undefined,
    verdict: {
      ...cause,
      reason: cause?.reason === 'out-of-memory' || cause?.reason === 'wrong-architecture' ? cause.reason : 'job-failed',
      resource: resourceName(subject.object),
      message: `ended without success (${words})${cause === undefined ? '' : `; ${cause.message}`}`,
      hint: 'read the log of its pod in the evidence; a finished Job is not run again under the same name',
      retryable: false,
    },
  };
  return [finding];
};
