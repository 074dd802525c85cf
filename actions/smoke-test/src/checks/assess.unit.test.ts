import type { HttpAnswer } from '@deploy-actions/core';
import { Secret } from '@deploy-actions/core';
import { describe, expect, it } from 'vitest';
import { expectedVersion } from '../expected.ts';
import { assess } from './assess.ts';
import type { HttpCheck } from './check.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const COMMIT = '4f2c7a9be01d3856c2ab7f90e1d4c83a5b6d7e8f';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const expected = expectedVersion({
  commit: COMMIT,
  images: { 'ghcr.io/acme/shop': { digest: DIGEST, version: '1.4.0' } },
});

const check = (more: Partial<HttpCheck>): HttpCheck => ({
  kind: 'http',
  name: 'a',
  url: new Secret('https://shop.example.com/'),
  method: 'GET',
  headers: {},
  body: undefined,
  status: undefined,
  jsonpath: {},
  contains: [],
  matches: undefined,
  header: {},
  version: undefined,
  certificateDays: undefined,
  maxTime: undefined,
  ...more,
});

function answer(more: Partial<HttpAnswer> & { readonly body?: string }): HttpAnswer {
  const bytes = new TextEncoder().encode(more.body ?? '');
  return {
    status: 200,
    headers: {},
    bytes,
    text: () => more.body ?? '',
    url: 'https://shop.example.com/',
    timing: { firstByteMs: 10, totalMs: 100 },
    certificate: undefined,
    ...more,
  };
}

const found = async (more: Partial<HttpCheck>, given: Parameters<typeof answer>[0]) =>
  (await assess(check(more), answer(given), expected, NOW)).map(({ reason, message }) => `${reason}: ${message}`);

describe('assess', () => {
  it.each<[string, Partial<HttpCheck>, Parameters<typeof answer>[0]]>([
    ['any 2xx', {}, { status: 204 }],
    ['one of the statuses', { status: [301, 404] }, { status: 404 }],
    ['a text by JSONPath', { jsonpath: { '$.status': 'ok' } }, { body: '{"status":"ok"}' }],
    ['a number by JSONPath', { jsonpath: { '$.count': '3' } }, { body: '{"count":3}' }],
    ['a truth value by JSONPath', { jsonpath: { '$.up': 'true' } }, { body: '{"up":true}' }],
    [
      'one of several by JSONPath',
      { jsonpath: { '$.pods[*].name': 'b' } },
      { body: '{"pods":[{"name":"a"},{"name":"b"}]}' },
    ],
    ['a part of the body', { contains: ['Shop', 'cart'] }, { body: 'Shop with a cart' }],
    ['an expression', { matches: 'v\\d+' }, { body: 'this is v12' }],
    [
      'a part of a header',
      { header: { 'strict-transport-security': 'max-age' } },
      { headers: { 'strict-transport-security': 'max-age=300' } },
    ],
    ['a header given twice', { header: { vary: 'Origin' } }, { headers: { vary: ['Accept', 'Origin'] } }],
    ['the commit', { version: { in: 'jsonpath', path: '$.commit' } }, { body: `{"commit":"${COMMIT}"}` }],
    [
      'the start of the commit',
      { version: { in: 'header', name: 'x-version' } },
      { headers: { 'x-version': COMMIT.slice(0, 7) } },
    ],
    ['the version', { version: { in: 'body', expression: 'version (\\S+)' } }, { body: 'version v1.4.0 here' }],
    [
      'the digest',
      { version: { in: 'jsonpath', path: '$.image' } },
      { body: `{"image":"ghcr.io/acme/shop@${DIGEST}"}` },
    ],
    [
      'a certificate that lasts',
      { certificateDays: 14 },
      { certificate: { subject: 'x', issuer: 'y', validTo: new Date(NOW + 15 * 86_400_000) } },
    ],
    ['the time', { maxTime: 100 }, {}],
  ])('holds for %s', async (_, of, given) => {
    expect(await found(of, given)).toEqual([]);
  });

  it.each<[string, Partial<HttpCheck>, Parameters<typeof answer>[0], string]>([
    [
      'the status',
      {},
      { status: 503, body: 'warming\n up' },
      'check-failed: the status is 503, not 2xx; the body is "warming up"',
    ],
    ['a redirect', {}, { status: 302 }, 'check-failed: the status is 302, not 2xx; the body is empty'],
    [
      'a value',
      { jsonpath: { '$.status': 'ok' } },
      { body: '{"status":"down"}' },
      'check-failed: $.status is "down", not "ok"',
    ],
    [
      'a value that is missing',
      { jsonpath: { '$.status': 'ok' } },
      { body: '{}' },
      'check-failed: $.status finds nothing in the body; "ok" is expected',
    ],
    [
      'what is no JSON',
      { jsonpath: { '$.status': 'ok' } },
      { body: '<html>' },
      'check-failed: the body is no JSON, so $.status cannot be "ok"; it is "<html>"',
    ],
    [
      'the body',
      { contains: ['Shop'] },
      { body: 'x'.repeat(500) },
      `check-failed: the body does not contain "Shop"; it is "${'x'.repeat(120)} …"`,
    ],
    [
      'a header',
      { header: { server: 'nginx' } },
      {},
      'check-failed: there is no header server; "nginx" is expected in it',
    ],
    [
      'the version',
      { version: { in: 'jsonpath', path: '$.v' } },
      { body: '{"v":"1.3.9"}' },
      'version-mismatch: "1.3.9" answers, not commit 4f2c7a9be01d, version 1.4.0',
    ],
    [
      'too short a commit',
      { version: { in: 'jsonpath', path: '$.v' } },
      { body: '{"v":"4f2c"}' },
      'version-mismatch: "4f2c" answers, not commit 4f2c7a9be01d, version 1.4.0',
    ],
    [
      'no version',
      { version: { in: 'header', name: 'x' } },
      {},
      'version-mismatch: no version is found in the header x, not commit 4f2c7a9be01d, version 1.4.0',
    ],
    [
      'the certificate',
      { certificateDays: 14 },
      { certificate: { subject: 'shop.example.com', issuer: 'y', validTo: new Date(NOW + 13.5 * 86_400_000) } },
      'certificate-expiring: the certificate of shop.example.com ends in 13 days (2026-01-14), less than 14',
    ],
    [
      'no certificate',
      { certificateDays: 14 },
      {},
      'check-failed: there is no certificate to look at: the connection goes through a proxy or a port-forward',
    ],
    ['the time', { maxTime: 99 }, {}, 'check-failed: the answer took 100 ms, more than 99 ms'],
  ])('says what is wrong with %s', async (_, of, given, sentence) => {
    expect(await found(of, given)).toEqual([sentence]);
  });
});
