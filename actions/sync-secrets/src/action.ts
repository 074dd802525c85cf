import type { Action } from '@deploy-actions/core';
import { apply } from './apply.ts';
import { type Inputs, inputs } from './inputs.ts';
import { type Observed, observe } from './observe.ts';
import { describe, type Plan, plan } from './plan.ts';
import { report, reportPlan } from './report.ts';

/** Keeps keys of Secrets as given. */
export const syncSecrets: Action<Inputs, Observed, Plan, undefined> = {
  name: 'sync-secrets',
  inputs,
  outputs: ['secret-name', 'changed'],
  timeout: '1m',
  observe,
  plan,
  describe,
  apply,
  report,
  reportPlan,
};
