import { othersOwn } from './managers.ts';
import { groupOf, isRecord, type KubeObject } from './objects.ts';

/** True where this autoscaler sets the workload's replicas. */
export function scales(autoscaler: KubeObject, workload: KubeObject): boolean {
  if (autoscaler.kind !== 'HorizontalPodAutoscaler' || autoscaler.metadata.namespace !== workload.metadata.namespace)
    return false;
  const target = isRecord(autoscaler.spec) ? autoscaler.spec.scaleTargetRef : undefined;
  return (
    isRecord(target) &&
    target.kind === workload.kind &&
    target.name === workload.metadata.name &&
    (target.apiVersion === undefined || groupOf(String(target.apiVersion)) === groupOf(workload.apiVersion))
  );
}

/**
 * The replicas to send for a workload that an autoscaler scales. Left out, the field would fall to 1 as long as we are its only owner;
 * sent as the manifest has it, each deployment would undo the scaling. So the live count goes, until someone else owns the field.
 */
export function withLiveReplicas(object: KubeObject, live: KubeObject | undefined, manager: string): KubeObject {
  if (live === undefined || !isRecord(object.spec) || !isRecord(live.spec)) return object;
  const { replicas: _replicas, ...spec } = object.spec;
  if (othersOwn(live, manager, ['spec', 'replicas'])) return { ...object, spec };
  return { ...object, spec: { ...spec, replicas: live.spec.replicas } };
}
