import { boolean, clusterInputs, duration, type InputsOf, integer, list, secretList, yaml } from '@deploy-actions/core';
import { checkList } from './checks/schema.ts';

/** What action.yml says of the inputs, as types; a contract test keeps the two alike. */
export const inputs = {
  ...clusterInputs,
  url: list({ default: '' }),
  checks: yaml(checkList),
  'success-threshold': integer({ default: '3', min: 1 }),
  'max-attempts': integer({ min: 1 }),
  'retry-delay': duration({ default: '3s' }),
  'follow-redirect': boolean({ default: 'false' }),
  headers: secretList({ default: '' }),
  thresholds: list({ default: '' }),
  iterations: integer({ default: '100', min: 1 }),
  vus: integer({ default: '5', min: 1 }),
};

export type Inputs = InputsOf<typeof inputs>;
