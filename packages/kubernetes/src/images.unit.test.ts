import { describe, expect, test } from 'vitest';
import { readPins } from './image-pins.ts';
import { imagesOf, parseImage, pinImages } from './images.ts';
import type { KubeObject } from './objects.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('references are read as Docker reads them', () => {
  test.each([
    ['nginx', 'docker.io/library/nginx', undefined, undefined],
    ['nginx:1.25', 'docker.io/library/nginx', '1.25', undefined],
    ['acme/api', 'docker.io/acme/api', undefined, undefined],
    ['docker.io/nginx', 'docker.io/library/nginx', undefined, undefined],
    ['localhost:5000/api', 'localhost:5000/api', undefined, undefined],
    ['localhost:5000/api:1', 'localhost:5000/api', '1', undefined],
    [`ghcr.io/acme/api:1@${DIGEST}`, 'ghcr.io/acme/api', '1', DIGEST],
    [`ghcr.io/acme/api@${DIGEST}`, 'ghcr.io/acme/api', undefined, DIGEST],
  ])('%s', (reference, repository, tag, digest) => {
    expect(parseImage(reference)).toEqual({ repository, tag, digest });
  });
});

const spec = (...images: string[]) => ({ containers: images.map((image, index) => ({ name: `c${index}`, image })) });
const object = (kind: string, body: Record<string, unknown>): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x' },
  ...body,
});

describe('pods are found in every kind that has them', () => {
  test.each([
    [object('Pod', { spec: spec('a') }), ['spec', 'containers', 0, 'image']],
    [
      object('Deployment', { spec: { template: { spec: spec('a') } } }),
      ['spec', 'template', 'spec', 'containers', 0, 'image'],
    ],
    [
      object('CronJob', { spec: { jobTemplate: { spec: { template: { spec: spec('a') } } } } }),
      ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers', 0, 'image'],
    ],
    [
      object('Rollout', { spec: { template: { spec: spec('a') } } }),
      ['spec', 'template', 'spec', 'containers', 0, 'image'],
    ],
  ])('%j', (workload, path) => {
    expect(imagesOf(workload)).toEqual([{ container: 'c0', image: 'a', path }]);
  });

  test.each([object('ConfigMap', { data: { image: 'a' } }), object('Service', { spec: { type: 'ClusterIP' } })])(
    'and in none else: %j',
    (other) => {
      expect(imagesOf(other)).toEqual([]);
    },
  );

  test('init containers count', () => {
    const pod = object('Pod', { spec: { ...spec('a'), initContainers: [{ name: 'i', image: 'b' }] } });
    expect(imagesOf(pod).map((use) => use.image)).toEqual(['b', 'a']);
  });
});

describe('pinning', () => {
  const reference = `ghcr.io/acme/api@${DIGEST}`;
  const pin = (match: string, image: string) =>
    pinImages([object('Pod', { spec: spec(image) })], [{ match, reference }]);
  test.each([
    ['ghcr.io/acme/api', 'ghcr.io/acme/api:main'],
    ['ghcr.io/acme/api', 'ghcr.io/acme/api'],
    ['ghcr.io/acme/api', `ghcr.io/acme/api@sha256:${'b'.repeat(64)}`],
    ['api', 'api'],
    ['api', 'api:latest'],
  ])('%s takes %s', (match, image) => {
    const { objects, unused } = pin(match, image);
    expect(imagesOf(objects[0] ?? object('None', {}))[0]?.image).toBe(reference);
    expect(unused).toEqual([]);
  });

  test.each([
    ['ghcr.io/acme/api', 'ghcr.io/acme/api-worker'],
    ['ghcr.io/acme/api', 'ghcr.io/other/api'],
    ['api', 'ghcr.io/acme/api'],
    ['nginx', 'acme/nginx'],
  ])('%s leaves %s alone', (match, image) => {
    const { objects, unused } = pin(match, image);
    expect(imagesOf(objects[0] ?? object('None', {}))[0]?.image).toBe(image);
    expect(unused).toHaveLength(1);
  });

  test('what was given is not changed', () => {
    const given = object('Pod', { spec: spec('api') });
    pinImages([given], [{ match: 'api', reference }]);
    expect(given).toEqual(object('Pod', { spec: spec('api') }));
  });
});

describe('what to pin', () => {
  const built = { 'ghcr.io/acme/api': { digest: DIGEST, name: 'api' } };
  test('is what was built, by repository and by name', () => {
    expect(readPins([], built)[0]?.pins.map((pin) => pin.match)).toEqual(['ghcr.io/acme/api', 'api']);
  });
  test('or what is given', () => {
    const pins = readPins(['ghcr.io/acme/api:1', `web=localhost:5000/web@${DIGEST}`], built);
    expect(pins.map((image) => image.pins[0])).toEqual([
      { match: 'ghcr.io/acme/api', reference: 'ghcr.io/acme/api:1' },
      { match: 'web', reference: `localhost:5000/web@${DIGEST}` },
    ]);
  });
  test('all wrong lines are told together', () => {
    expect(() => readPins(['A B', '=x', 'ok'], built)).toThrow(/2 inputs are wrong/);
  });
});
