import { type Followed, isFollowed, type Patience, type PlannedChange, type Sent } from '@deploy-actions/kubernetes';
import type { Inputs } from './inputs.ts';
import type { Plan } from './plan.ts';

const ALLOWED_RESTARTS = 'deploy-actions/allowed-restarts';
/** So long an operator may take to make the Secret that a pod waits for. */
const LATE_CONFIG_MS = 60_000;

/** So long the kubelet and the controllers may take to notice what was mended; their pauses grow to minutes. */
const NOTICE_MS = 60_000;

/** The namespaced workloads among these changes, as they are after what was sent. `begun`: when the step began, epoch ms of the cluster. */
export function followedOf(
  changes: readonly PlannedChange[],
  sent: ReadonlyMap<PlannedChange, Sent>,
  inputs: Inputs,
  begun: number,
): Followed[] {
  return changes.flatMap((change) => {
    const { ref, resource, object, live } = change;
    if (ref.namespace === undefined || !isFollowed(ref.kind)) return [];
    const made = sent.get(change);
    const annotated = Number(object.metadata.annotations?.[ALLOWED_RESTARTS]);
    return [
      {
        ref: { ...ref, namespace: ref.namespace },
        resource,
        generation: made?.after?.metadata.generation ?? live?.generation ?? 0,
        appliedAt: made?.at,
        patientUntil: inputs.apply ? (made?.at ?? begun) + NOTICE_MS : 0,
        allowedRestarts: Number.isInteger(annotated) && annotated >= 0 ? annotated : inputs['allowed-restarts'],
      },
    ];
  });
}

export function patienceOf(plan: Plan, inputs: Inputs): Patience {
  return { unschedulableMs: inputs['unschedulable-timeout'], missingConfigMs: plan.lateConfig ? LATE_CONFIG_MS : 0 };
}
