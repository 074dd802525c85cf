import { isDeepStrictEqual } from 'node:util';
import type { ReportStep } from './schema.ts';

/** `shop/Deployment/api` → `Deployment/api`: a step as it travels between jobs, which may be of two environments. */
export function withoutNamespace(step: ReportStep): ReportStep {
  return step.resource === undefined ? step : { ...step, resource: step.resource.split('/').slice(-2).join('/') };
}

/** Those of `steps` that are not among `known`, also where one of the two has travelled. */
export function stepsBeyond(known: readonly ReportStep[], steps: readonly ReportStep[]): readonly ReportStep[] {
  const travelled = known.map(withoutNamespace);
  return steps.filter((step) => !travelled.some((other) => isDeepStrictEqual(other, withoutNamespace(step))));
}
