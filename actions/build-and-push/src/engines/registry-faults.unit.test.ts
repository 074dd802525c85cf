import { expect, it } from 'vitest';
import { pushError, registryFault } from './registry-faults.ts';

it.each([
  [
    'failed to push ghcr.io/a/b:1: unexpected status from POST request to https://ghcr.io/v2/a/b/blobs/uploads/: 403 Forbidden',
    'denied',
    'push-denied',
  ],
  [
    'writing blob: initiating layer upload to /v2/a/b/blobs/uploads/ in ghcr.io: denied: requested access to the resource is denied',
    'denied',
    'push-denied',
  ],
  [
    'failed to authorize: failed to fetch oauth token: unexpected status from GET request: 401 Unauthorized',
    'unauthorized',
    'error-auth',
  ],
  ['uploading manifest: unauthorized: authentication required', 'unauthorized', 'error-auth'],
  ['dial tcp 127.0.0.1:5000: connect: connection refused', 'unreachable', 'error-network'],
  ['dial tcp: lookup ghcr.example on 10.0.0.1:53: no such host', 'unreachable', 'error-network'],
  ['received unexpected HTTP status: 503 Service Unavailable', 'passing', 'error-network'],
  ['unexpected status from PUT request: 502 Bad Gateway', 'passing', 'error-network'],
  ['toomanyrequests: You have reached your pull rate limit', 'passing', 'error-network'],
  ['write tcp 10.0.0.2:1->10.0.0.3:443: write: connection reset by peer', 'passing', 'error-network'],
])('%s', (sentence, kind, reason) => {
  const fault = registryFault(sentence);
  expect(fault?.kind).toBe(kind);
  if (fault !== undefined) expect(pushError(fault, 'ghcr.io/a/b', undefined).reason).toBe(reason);
});

it('takes other failures for none of the registry', () => {
  expect(registryFault('process "/bin/sh -c npm ci" did not complete successfully: exit code: 1')).toBeUndefined();
});
