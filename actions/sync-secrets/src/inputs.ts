import { clusterInputs, type InputsOf, secretScalar, secretText, secretYaml, text } from '@deploy-actions/core';
import * as v from 'valibot';

/** What the API server takes as a key of a Secret. */
const key = v.pipe(v.string(), v.regex(/^[-._a-zA-Z0-9]{1,253}$/, 'a key has letters, digits, -, _ and . only'));
const values = v.record(key, secretScalar);
const name = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/, 'a name has lower-case letters, digits, - and . only'),
);

/** What action.yml says of the inputs, as types; a contract test keeps the two alike. */
export const inputs = {
  'secret-name': text(),
  'string-data': secretYaml(values),
  data: secretYaml(values),
  secrets: secretYaml(v.record(name, values)),
  'secret-type': text(),
  'container-registry-url': text(),
  'container-registry-username': text(),
  'container-registry-password': secretText(),
  ...clusterInputs,
};

export type Inputs = InputsOf<typeof inputs>;
