import { readPins } from '@deploy-actions/kubernetes';
import { describe, expect, it } from 'vitest';
import { pinFiles } from './pin-images.ts';

const D = `sha256:${'a'.repeat(64)}`;
const report = { 'ghcr.io/acme/api': { digest: D }, 'ghcr.io/acme/web': { digest: D, name: 'web' } };

const DEPLOYMENT = `# The API.
apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  template:
    spec:
      initContainers:
        - { name: migrate, image: "ghcr.io/acme/api" }
      containers:
        - name: api
          image: ghcr.io/acme/api:1.2 # the newest
        - image: web
          name: web
        - { image: nginx:1.22, name: proxy }
`;
const CRONJOB = `apiVersion: v1
kind: List
items:
  - apiVersion: batch/v1
    kind: CronJob
    metadata: { name: tidy }
    spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: tidy, image: 'ghcr.io/acme/api@sha256:${'b'.repeat(64)}' }] } } } } }
`;

describe('pinFiles', () => {
  it('changes the references alone, wherever a pod is described', () => {
    const { files, images } = pinFiles(
      [
        { file: 'a.yaml', text: DEPLOYMENT },
        { file: 'b.yaml', text: CRONJOB },
      ],
      readPins([], report),
    );
    expect(files[0]?.text).toBe(
      DEPLOYMENT.replace('"ghcr.io/acme/api"', `ghcr.io/acme/api@${D}`)
        .replace('ghcr.io/acme/api:1.2', `ghcr.io/acme/api@${D}`)
        .replace('image: web', `image: ghcr.io/acme/web@${D}`),
    );
    expect(files[1]?.text).toContain(`image: ghcr.io/acme/api@${D} }`);
    expect(images).toEqual([`ghcr.io/acme/api@${D}`, `ghcr.io/acme/web@${D}`, 'nginx:1.22']);
  });

  it('changes an image where its anchor stands', () => {
    const text = `apiVersion: v1
kind: Pod
metadata: { name: a }
x-image: &image ghcr.io/acme/api
spec: { containers: [{ name: a, image: *image }, { name: b, image: *image }] }
`;
    const { files } = pinFiles([{ file: 'a.yaml', text }], readPins([], { 'ghcr.io/acme/api': { digest: D } }));
    expect(files[0]?.text).toContain(`&image ghcr.io/acme/api@${D}\n`);
  });

  it('says what the manifests use where they do not use what was built', () => {
    expect(() =>
      pinFiles([{ file: 'a.yaml', text: DEPLOYMENT }], readPins([], { 'ghcr.io/acme/shop-nginx': { digest: D } })),
    ).toThrow(
      'no manifest uses ghcr.io/acme/shop-nginx; they use ghcr.io/acme/api, ghcr.io/acme/api:1.2, web, nginx:1.22',
    );
  });

  it('takes the images given in place of the report', () => {
    const pins = readPins([`ghcr.io/acme/api@${D}`, 'nginx=ghcr.io/acme/proxy:2'], report);
    const { images } = pinFiles([{ file: 'a.yaml', text: DEPLOYMENT }], pins);
    expect(images).toEqual([`ghcr.io/acme/api@${D}`, 'web', 'ghcr.io/acme/proxy:2']);
    expect(() => readPins(['api=Not An Image', '=x'], {})).toThrow('2 inputs are wrong');
  });
});
