import { HttpError } from './errors.ts';

/** What the codes of node's sockets, resolver and TLS mean to the person who reads them. */
const FAULTS: Readonly<Record<string, readonly [what: string, hint: string, retryable: boolean]>> = {
  ENOTFOUND: ['the host name does not resolve', 'check the address, and the DNS of the runner', false],
  EAI_AGAIN: ['the DNS did not answer', 'check the DNS of the runner, or run it again', true],
  ECONNREFUSED: ['nothing listens there', 'check the address and the port, and that the server runs', true],
  ECONNRESET: [
    'the other side broke off',
    'run it again; if it stays, look at the server and what stands before it',
    true,
  ],
  UND_ERR_SOCKET: [
    'the other side broke off',
    'run it again; if it stays, look at the server and what stands before it',
    true,
  ],
  EPIPE: ['the other side broke off', 'run it again; if it stays, look at the server and what stands before it', true],
  EHOSTUNREACH: ['there is no way to the host', 'check that the runner may reach this network', true],
  ENETUNREACH: ['there is no way to the network', 'check that the runner may reach this network', true],
  ETIMEDOUT: [
    'the connection could not be made in time',
    'check that the runner may reach the host (firewall, VPN)',
    true,
  ],
  UND_ERR_CONNECT_TIMEOUT: [
    'the connection could not be made in time',
    'check that the runner may reach the host (firewall, VPN)',
    true,
  ],
  UND_ERR_HEADERS_TIMEOUT: ['no answer came in time', 'look at what the server is doing', true],
  UND_ERR_BODY_TIMEOUT: ['the answer stopped half-way', 'look at what the server is doing', true],
  UND_ERR_REDIRECT_MAX: ['it redirects more than 10 times', 'look at where it redirects to', false],
  CERT_HAS_EXPIRED: ['its certificate has expired', "renew the server's certificate", false],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'its certificate is signed by itself',
    'give the authority by NODE_EXTRA_CA_CERTS',
    false,
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'its certificate is signed by an unknown authority',
    'give the authority by NODE_EXTRA_CA_CERTS',
    false,
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'its certificate is signed by an unknown authority',
    'give the authority by NODE_EXTRA_CA_CERTS',
    false,
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'its certificate is signed by an unknown authority',
    'give the authority by NODE_EXTRA_CA_CERTS',
    false,
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'its certificate is for another name',
    'use the name that the certificate is for',
    false,
  ],
  EPROTO: ['it does not speak TLS', 'check the port, and http:// against https://', false],
  ERR_SSL_WRONG_VERSION_NUMBER: ['it does not speak TLS', 'check the port, and http:// against https://', false],
};

/**
 * A failed exchange with `where` as an HttpError `error-network`, retryable where the same may work in a moment.
 * Serves every client that is built on node's sockets: errors are told by the `code` of theirs or of a cause.
 */
export function networkFault(error: unknown, where: string): HttpError {
  const code = codeOf(error);
  const [what, hint, retryable] = FAULTS[code] ?? [
    `the exchange failed${code === '' ? '' : ` (${code})`}`,
    'check the address and the way to it, proxies included',
    true,
  ];
  return new HttpError('error-network', `${where} cannot be reached: ${what}`, { hint, retryable, cause: error });
}

/** The first code among an error, its causes, and the parts of an AggregateError (one a resolved address). */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (
    'code' in error &&
    typeof error.code === 'string' &&
    (FAULTS[error.code] !== undefined || error.cause === undefined)
  )
    return error.code;
  if (error instanceof AggregateError) return error.errors.map(codeOf).find((code) => code !== '') ?? '';
  return codeOf(error.cause);
}
