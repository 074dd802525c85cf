import { choice, clusterInputs, type InputsOf, list, paths } from '@deploy-actions/core';

/** Ways to render, but for charts. */
export const ENGINES = ['kustomize', 'none'] as const;

/** What action.yml says of the inputs, as types; a contract test keeps the two alike. */
export const inputs = {
  ...clusterInputs,
  manifests: paths({ required: true, aliases: ['kustomizationPath'] }),
  'render-engine': choice(ENGINES, { aliases: ['renderEngine'] }),
  images: list({ default: '' }),
  variables: list({ default: '' }),
};

export type Inputs = InputsOf<typeof inputs>;
