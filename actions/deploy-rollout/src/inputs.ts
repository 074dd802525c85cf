import { boolean, clusterInputs, duration, type InputsOf, integer, list, paths } from '@deploy-actions/core';

/** What action.yml says of the inputs, as types; a contract test keeps the two alike. */
export const inputs = {
  manifests: paths(),
  images: list({ default: '' }),
  apply: boolean({ default: 'true' }),
  'rollback-on-failure': boolean({ default: 'true' }),
  'force-conflicts': boolean({ default: 'false' }),
  'allowed-restarts': integer({ default: '1', min: 0 }),
  'unschedulable-timeout': duration({ default: '60s' }),
  'evidence-logs': boolean(),
  ...clusterInputs,
};

export type Inputs = InputsOf<typeof inputs>;
