import type { Action } from '@deploy-actions/core';
import { apply } from './apply.ts';
import { type Inputs, inputs } from './inputs.ts';
import { type Observed, observe } from './observe.ts';
import { describe, type Plan, plan } from './plan.ts';
import { report } from './report.ts';

/** Renders manifests with images pinned by digest into one file. */
export const renderManifests: Action<Inputs, Observed, Plan, Plan> = {
  name: 'render-manifests',
  inputs,
  outputs: ['manifests', 'manifestsBundle', 'hash', 'images'],
  timeout: '5m',
  observe,
  plan,
  describe,
  apply: (plan, _inputs, context) => apply(plan, context),
  report,
};
