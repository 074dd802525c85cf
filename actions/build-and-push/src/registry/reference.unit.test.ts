import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLoopback, parseReference } from './reference.ts';

describe('parseReference', () => {
  it.each([
    ['nginx', { host: 'docker.io', path: 'library/nginx', repository: 'nginx', tag: undefined }],
    ['acme/shop:1.2', { host: 'docker.io', path: 'acme/shop', repository: 'acme/shop', tag: '1.2' }],
    [
      'GHCR.io/Acme/Shop-API',
      { host: 'ghcr.io', path: 'acme/shop-api', repository: 'ghcr.io/acme/shop-api', tag: undefined },
    ],
    ['localhost:5000/x:y', { host: 'localhost:5000', path: 'x', repository: 'localhost:5000/x', tag: 'y' }],
    ['localhost/x', { host: 'localhost', path: 'x', repository: 'localhost/x', tag: undefined }],
    [
      'registry.example.com:8443/a/b/c:v1',
      { host: 'registry.example.com:8443', path: 'a/b/c', repository: 'registry.example.com:8443/a/b/c', tag: 'v1' },
    ],
  ])('%s', (text, expected) => {
    expect(parseReference(text)).toMatchObject(expected);
  });

  it.each([
    '',
    ':tag',
    'a b',
    'ghcr.io/acme/',
    'ghcr.io//shop',
    'shop:ta g',
    'shop@sha256:1234',
    'shop@sha256:a@b',
    'https://ghcr.io/acme/shop',
    '-x/y',
  ])('%j is none', (text) => {
    expect(parseReference(text)).toBeUndefined();
  });

  it('reads back what it is made of', () => {
    const name = fc.stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,4})?$/);
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 2, maxLength: 4 }),
        fc.stringMatching(/^\w[\w.-]{0,20}$/),
        (parts, tag) => {
          const path = parts.join('/');
          expect(parseReference(`ghcr.io/${path}:${tag}`)).toEqual({
            host: 'ghcr.io',
            path,
            repository: `ghcr.io/${path}`,
            tag,
            digest: undefined,
          });
        },
      ),
    );
  });
});

it.each([
  ['localhost:5000', true],
  ['127.0.0.1', true],
  ['127.1.2.3:80', true],
  ['[::1]:5000', true],
  ['localhost.example.com', false],
  ['ghcr.io', false],
])('%s is this machine: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
