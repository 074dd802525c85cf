import type { Action } from '@deploy-actions/core';
import { apply, type Result } from './apply.ts';
import { type Inputs, inputs } from './inputs.ts';
import { type Observed, observe } from './observe.ts';
import { describe, type Plan, plan } from './plan.ts';
import { report } from './report.ts';

/** Waits for addresses to answer and checks what they say. */
export const smokeTest: Action<Inputs, Observed, Plan, Result> = {
  name: 'smoke-test',
  inputs,
  outputs: ['passed', 'failed', 'p95', 'junit', 'json'],
  timeout: '2m',
  observe,
  plan,
  describe,
  apply,
  report,
};
