import type { Action } from '@deploy-actions/core';
import { apply } from './apply.ts';
import { type Inputs, inputs } from './inputs.ts';
import { type Observed, observe } from './observe.ts';
import { describe, type Plan, plan } from './plan.ts';
import { report, reportPlan } from './report.ts';
import type { Result } from './result.ts';

/** Applies manifests, follows them to ready, says why not, puts back. */
export const deployRollout: Action<Inputs, Observed, Plan, Result> = {
  name: 'deploy-rollout',
  inputs,
  outputs: ['revision', 'previous-revision', 'resource', 'retryable', 'environment-url'],
  timeout: '10m',
  observe,
  plan,
  describe,
  apply,
  report,
  reportPlan,
};
