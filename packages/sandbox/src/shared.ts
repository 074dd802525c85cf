import type { Sandbox } from './sandbox.ts';
import { type UpOptions, up } from './up.ts';

/**
 * The sandbox that the tests share, with the clusters staging and production. Its name is the environment
 * variable DEPLOY_ACTIONS_SANDBOX, or "test"; whoever ends the tests ends it.
 */
export function sharedSandbox(options: Pick<UpOptions, 'progress'> = {}): Promise<Sandbox> {
  return up({ ...options, name: process.env.DEPLOY_ACTIONS_SANDBOX || 'test', clusters: ['staging', 'production'] });
}
