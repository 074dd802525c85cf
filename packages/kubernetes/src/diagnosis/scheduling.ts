import { conditionOf } from '../readiness.ts';
import { type Detector, type Finding, resourceName, timeOf } from './finding.ts';

/** Pods that no node can take, in the scheduler's words; tolerated for a while, since an autoscaler may add a node. */
export const scheduling: Detector = (subject, rules) =>
  subject.pods.flatMap((pod): Finding[] => {
    const scheduled = conditionOf(pod, 'PodScheduled');
    if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return [];
    return [
      {
        about: pod.metadata.uid,
        from: timeOf(scheduled.lastTransitionTime) + rules.unschedulableMs,
        verdict: {
          reason: 'unschedulable',
          resource: resourceName(subject.object),
          message: `pod ${pod.metadata.name} finds no node: ${scheduled.message ?? 'the scheduler gives no reason'}`,
          hint: 'ask for less (resources.requests), loosen nodeSelector, affinity or tolerations, or add a node',
          retryable: false,
          pod: pod.metadata.name,
          field: [...(subject.object.kind === 'Pod' ? ['spec'] : ['spec', 'template', 'spec'])],
        },
      },
    ];
  });
