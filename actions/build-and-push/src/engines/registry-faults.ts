import { ActionError } from '@deploy-actions/core';

/** What a registry's refusal comes to, read from an engine's own words. */
export interface RegistryFault {
  readonly kind: 'denied' | 'unauthorized' | 'unreachable' | 'passing';
  readonly sentence: string;
}

const KINDS: readonly (readonly [RegistryFault['kind'], RegExp])[] = [
  [
    'passing',
    /\b(429|50[0234])\b.{0,40}(too many requests|internal server error|bad gateway|service unavailable|gateway time-?out)|toomanyrequests|unexpected EOF|connection reset by peer|TLS handshake timeout|i\/o timeout|broken pipe|use of closed network connection|http2: .*(GOAWAY|stream error)|received unexpected HTTP status: 5\d\d|status code 5\d\d/i,
  ],
  [
    'unreachable',
    /connection refused|no such host|network is unreachable|no route to host|server misbehaving|context deadline exceeded|x509: |server gave HTTP response to HTTPS client/i,
  ],
  [
    'unauthorized',
    /authentication required|incorrect username or password|invalid username\/password|401 unauthorized|\bunauthorized\b|authorization failed|no basic auth credentials/i,
  ],
  ['denied', /\bdenied\b|403 forbidden|insufficient_scope|requested access/i],
];

/** Which fault of a registry this line of an engine's output tells of; undefined: none. */
export function registryFault(sentence: string): RegistryFault | undefined {
  const found = KINDS.find(([, expression]) => expression.test(sentence));
  return found === undefined ? undefined : { kind: found[0], sentence };
}

/** The error for a push that the registry did not take. */
export function pushError(fault: RegistryFault, repository: string, cause: unknown): ActionError {
  const said = `: ${fault.sentence.trim()}`;
  switch (fault.kind) {
    case 'denied':
      return new ActionError('push-denied', `the registry refused the push to ${repository}${said}`, {
        hint: 'give the account the right to write to this repository (on ghcr.io: `packages: write`), and look for a tag that may not be overwritten',
        cause,
      });
    case 'unauthorized':
      return new ActionError('error-auth', `the registry does not accept who pushes to ${repository}${said}`, {
        hint: 'give `username` and `password`, or sign in with docker/login-action before; a token may have expired',
        cause,
      });
    default:
      return new ActionError('error-network', `the push to ${repository} broke off${said}`, {
        hint: 'look whether the registry is up and reachable from this runner; the step can be run again',
        retryable: true,
        cause,
      });
  }
}
