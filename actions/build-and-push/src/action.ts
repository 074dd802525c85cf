import type { Action } from '@deploy-actions/core';
import { apply, type Result } from './apply.ts';
import { type Inputs, inputs } from './inputs.ts';
import { type Observed, observe } from './observe.ts';
import { describe, type Plan, plan } from './plan.ts';
import { report } from './report.ts';
import { removeSessions } from './session.ts';

/** Builds an image, pushes it and reads its digest back. */
export const buildAndPush: Action<Inputs, Observed, Plan, Result> = {
  name: 'build-and-push',
  inputs,
  outputs: ['digest', 'imageid', 'metadata', 'tags', 'version', 'labels', 'image-ref'],
  timeout: '30m',
  observe,
  plan,
  describe,
  apply: (plan, _inputs, context) => apply(plan, context),
  report,
  post: removeSessions,
};
