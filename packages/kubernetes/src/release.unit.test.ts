import { EMPTY_REPORT, type ReleaseReport } from '@deploy-actions/core';
import { describe, expect, test } from 'vitest';
import { renderedMismatches, runningMismatches } from './digests.ts';
import type { KubeObject, Pod } from './objects.ts';
import { lastGood, nextRevision, type RecordEntry, type ReleaseRecord } from './record.ts';
import { chooseNamespace, releaseName } from './release.ts';
import { tokenExpiry } from './sign-in.ts';

const runner = (repository: string | undefined) =>
  ({ runner: { repository }, release: EMPTY_REPORT }) as unknown as Parameters<typeof releaseName>[1];

describe("the release's name", () => {
  test.each([
    ['shop', 'acme/other', 'shop'],
    [undefined, 'acme/Shop_API.v2', 'shop-api-v2'],
    [undefined, 'acme/shop', 'shop'],
  ])('%s in %s is %s', (given, repository, name) => {
    expect(releaseName(given, runner(repository))).toBe(name);
  });
  test.each([
    ['Not A Name', 'acme/shop'],
    [undefined, undefined],
    [undefined, 'acme/___'],
  ])('%s in %s is none', (given, repository) => {
    expect(() => releaseName(given, runner(repository))).toThrow(expect.objectContaining({ reason: 'error-input' }));
  });
});

describe('the namespace', () => {
  const object = (namespace?: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', ...(namespace === undefined ? {} : { namespace }) },
  });
  const report = (targets: ReleaseReport['targets']): ReleaseReport => ({ ...EMPTY_REPORT, targets });
  const base = {
    given: undefined,
    report: EMPTY_REPORT,
    context: 'prod',
    ofContext: 'of-context',
    objects: [object()],
  };
  test.each([
    ['the input', { ...base, given: 'given', objects: [object('own')] }, 'given'],
    [
      "an earlier step's in the same cluster",
      { ...base, report: report({ 'prod/earlier': { namespace: 'earlier' } }), objects: [object('own')] },
      'earlier',
    ],
    [
      "but not another cluster's",
      { ...base, report: report({ 'staging/earlier': { namespace: 'earlier' } }), objects: [object('own')] },
      'own',
    ],
    ["the manifests' only one", { ...base, objects: [object('own'), object()] }, 'own'],
    ["the context's where they name several", { ...base, objects: [object('a'), object('b')] }, 'of-context'],
    ["the context's", base, 'of-context'],
  ])('is %s', (_, sources, namespace) => {
    expect(chooseNamespace(sources)).toBe(namespace);
  });
  test('is never taken silently', () => {
    expect(() => chooseNamespace({ ...base, ofContext: undefined })).toThrow(
      /context "prod" of the kubeconfig names none/,
    );
    const several = { ...base, ofContext: undefined, objects: [object('a'), object('b')] };
    expect(() => chooseNamespace(several)).toThrow(/name several \(a, b\)/);
  });
});

describe('built, rendered and running are one', () => {
  const DIGEST = `sha256:${'a'.repeat(64)}`;
  const built = { 'ghcr.io/acme/api': { digest: DIGEST } };
  const pod = (image: string) =>
    ({ metadata: { name: 'api-1' }, spec: { containers: [{ name: 'api', image }] } }) as unknown as Pod;
  const deployment = (image: string): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api' },
    spec: { template: { spec: { containers: [{ name: 'api', image }] } } },
  });
  test.each([`ghcr.io/acme/api@${DIGEST}`, `ghcr.io/acme/api:1@${DIGEST}`, 'nginx:1.25'])('%s', (image) => {
    expect(runningMismatches([pod(image)], built)).toEqual([]);
    expect(renderedMismatches([deployment(image)], built)).toEqual([]);
  });
  test.each(['ghcr.io/acme/api:1', `ghcr.io/acme/api@sha256:${'b'.repeat(64)}`])('but not with %s', (image) => {
    expect(runningMismatches([pod(image)], built)).toEqual([
      { where: 'pod api-1', container: 'api', image, built: DIGEST },
    ]);
    expect(renderedMismatches([deployment(image)], built)).toMatchObject([{ where: 'Deployment/api' }]);
  });
});

test('the last good revision is the newest that succeeded, whatever came after', () => {
  const entry = (revision: number, verdict: RecordEntry['verdict']): RecordEntry => ({
    revision,
    verdict,
    hash: '',
    images: [],
    at: '',
  });
  const record = (...revisions: RecordEntry[]): ReleaseRecord => ({
    release: 'shop',
    namespace: 'shop',
    revisions,
    resourceVersion: '1',
  });
  const mixed = record(entry(3, 'succeeded'), entry(4, 'succeeded'), entry(5, 'failed'), entry(6, 'deploying'));
  expect(lastGood(mixed)?.revision).toBe(4);
  expect(nextRevision(mixed)).toBe(7);
  expect(lastGood(record(entry(1, 'failed')))).toBeUndefined();
  expect(nextRevision(record())).toBe(1);
});

test('when a token expires stands in it', () => {
  const token = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
  expect(tokenExpiry(token({ exp: 1_600_000_000 }))?.toISOString()).toBe('2020-09-13T12:26:40.000Z');
  expect(tokenExpiry(token({ sub: 'x' }))).toBeUndefined();
  expect(tokenExpiry('opaque-token')).toBeUndefined();
  expect(tokenExpiry('a.b.c')).toBeUndefined();
});
