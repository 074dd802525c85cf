import { expect, it } from 'vitest';
import type { GitFacts } from './git.ts';
import { imageLabels } from './labels.ts';

const git: GitFacts = {
  event: 'push',
  ref: 'refs/heads/main',
  commit: '4f2c',
  baseRef: '',
  defaultBranch: 'main',
  now: '2026-01-02T03:04:05.000Z',
  committedAt: undefined,
  repository: { name: 'shop', description: 'A shop', url: 'https://github.com/acme/shop', licence: undefined },
};

it('gives the OCI set, and only what is known of it', () => {
  expect(Object.fromEntries(imageLabels(git, '1.2', undefined, new Map()))).toEqual({
    'org.opencontainers.image.created': '2026-01-02T03:04:05.000Z',
    'org.opencontainers.image.description': 'A shop',
    'org.opencontainers.image.revision': '4f2c',
    'org.opencontainers.image.source': 'https://github.com/acme/shop',
    'org.opencontainers.image.title': 'shop',
    'org.opencontainers.image.url': 'https://github.com/acme/shop',
    'org.opencontainers.image.version': '1.2',
  });
});

it("lays the user's own over it by key, and takes SOURCE_DATE_EPOCH for the time", () => {
  const labels = imageLabels(
    git,
    '1.2',
    '0',
    new Map([
      ['org.opencontainers.image.title', 'Mine'],
      ['team', 'shop=1'],
    ]),
  );
  expect(labels.get('org.opencontainers.image.created')).toBe('1970-01-01T00:00:00.000Z');
  expect(labels.get('org.opencontainers.image.title')).toBe('Mine');
  expect(labels.get('team')).toBe('shop=1');
});
