import { list } from './lines.ts';
import { boolean, duration, text } from './scalars.ts';
import { secretText } from './secrets.ts';

/** The inputs of every action that reaches a cluster: spread them into the action's own. */
export const clusterInputs = {
  kubeconfig: secretText(),
  context: text(),
  namespace: text(),
  'release-name': text({ aliases: ['releaseName'] }),
};

/** Signing in to the image's registry, for this step only. */
export const imageInputs = {
  username: text(),
  password: secretText(),
};

/** A step without any time could do nothing but fail. */
export const SHORTEST_TIMEOUT_MS = 1;

/** What every action has; runAction adds these itself, with the action's own default for `timeout`. */
export const commonInputs = {
  timeout: duration({ min: SHORTEST_TIMEOUT_MS }),
  'dry-run': boolean({ default: 'false' }),
  /** Paths of reports and handoffs of earlier jobs, one a line. */
  report: list({ default: '' }),
};
