import { describe, expect, test } from 'vitest';
import { errorOfAnswer, errorOfFault } from './answers.ts';
import { fieldInMessage } from './fault-place.ts';

const status = (message: string, more: object = {}) =>
  JSON.stringify({ kind: 'Status', status: 'Failure', message, ...more });
const question = { doing: 'apply Deployment/api', context: 'prod' };
const conflict = (field: string, manager: string) => ({
  reason: 'FieldManagerConflict',
  message: `conflict with "${manager}" using apps/v1`,
  field,
});

describe('each refusal of the API server has its reason', () => {
  test.each([
    [401, status('Unauthorized'), 'error-auth', /context "prod" did not accept the credentials/],
    [
      403,
      status(
        'deployments.apps "api" is forbidden: User "u" cannot patch resource "deployments" in API group "apps" in the namespace "shop"',
      ),
      'error-auth',
      /may not patch deployments\.apps in the namespace "shop"/,
    ],
    [
      403,
      status(
        'namespaces is forbidden: User "u" cannot list resource "namespaces" in API group "" at the cluster scope',
      ),
      'error-auth',
      /may not list namespaces cluster-wide/,
    ],
    [
      403,
      status('pods "api" is forbidden: exceeded quota: few, requested: pods=1, used: pods=2, limited: pods=2'),
      'quota',
      /exceeded quota: few/,
    ],
    [
      403,
      status('admission webhook "policy.example.com" denied the request: no latest tags'),
      'admission-denied',
      /no latest tags/,
    ],
    [
      403,
      status('pods "api" is forbidden: violates PodSecurity "restricted:latest"'),
      'admission-denied',
      /PodSecurity/,
    ],
    [
      403,
      status('unable to create new content in namespace shop because it is being terminated'),
      'error-input',
      /being terminated/,
    ],
    [
      404,
      status('namespaces "shop" not found'),
      'error-input',
      /namespace "shop" does not exist in the cluster of context "prod"/,
    ],
    [
      409,
      status('Apply failed with 1 conflict', { details: { causes: [conflict('.spec.replicas', 'kubectl-edit')] } }),
      'conflict',
      /\.spec\.replicas \(kubectl-edit\)/,
    ],
    [
      422,
      status('Job.batch "m" is invalid: spec.template: Invalid value: {}: field is immutable'),
      'immutable',
      /immutable/,
    ],
    [
      422,
      status('Service "api" is invalid: spec.ports: Required value'),
      'invalid-manifest',
      /spec\.ports: Required value/,
    ],
    [400, status('strict decoding error: unknown field "spec.x"'), 'invalid-manifest', /unknown field/],
    [
      500,
      status(
        'failed to create typed patch object (shop/api; apps/v1, Kind=Deployment): .spec.x: field not declared in schema',
      ),
      'invalid-manifest',
      /field not declared/,
    ],
    [500, status('etcdserver: leader changed'), 'error-network', /leader changed/],
    [503, '<html>Service unavailable</html>', 'error-network', /Service unavailable/],
    [429, status('too many requests'), 'error-network', /too many requests/],
  ])('%i %s', (code, body, reason, says) => {
    const error = errorOfAnswer(code, body, question);
    expect(error).toMatchObject({
      reason,
      status: code,
      message: expect.stringMatching(says),
      hint: expect.stringMatching(/./),
    });
    expect(error.message).toContain('could not apply Deployment/api');
  });

  test('only what may pass by itself is worth another try', () => {
    expect(errorOfAnswer(503, '', question).retryable).toBe(true);
    expect(errorOfAnswer(403, status('no'), question).retryable).toBe(false);
  });

  test('each conflicting field is named with its owner', () => {
    const causes = [conflict('.spec.replicas', 'hpa'), conflict('.data.a', 'kubectl-edit'), { reason: 'Other' }];
    expect(errorOfAnswer(409, status('', { details: { causes } }), question).conflicts).toEqual([
      { field: '.spec.replicas', manager: 'hpa' },
      { field: '.data.a', manager: 'kubectl-edit' },
    ]);
  });
});

test('a certificate that is not trusted points to the kubeconfig', () => {
  const fault = (code: string) =>
    errorOfFault(Object.assign(new Error('x'), { code }), new URL('https://10.0.0.1:6443'), question);
  expect(fault('UNABLE_TO_VERIFY_LEAF_SIGNATURE')).toMatchObject({
    reason: 'error-network',
    hint: expect.stringContaining('certificate-authority-data'),
  });
  expect(fault('ECONNREFUSED').message).toContain('https://10.0.0.1:6443 of context "prod"');
});

describe('the field that a message names', () => {
  test.each([
    [
      'Deployment.apps "a" is invalid: spec.template.spec.containers[0].image: Required value',
      ['spec', 'template', 'spec', 'containers', 0, 'image'],
    ],
    ['strict decoding error: unknown field "spec.replicsa"', ['spec', 'replicsa']],
    [
      'failed to create typed patch object (a/b; apps/v1, Kind=Deployment): .spec.replicsa: field not declared in schema',
      ['spec', 'replicsa'],
    ],
    ['metadata.labels: Invalid value: "x y"', ['metadata', 'labels']],
    ['something else went wrong', undefined],
  ])('%s', (message, path) => {
    expect(fieldInMessage(message)).toEqual(path);
  });
});
