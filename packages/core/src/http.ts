import type { Dispatcher } from 'undici';
import { within } from './deadline.ts';
import { HttpError } from './errors.ts';
import { openTransport, type Transport } from './http-transport.ts';
import { networkFault } from './network-faults.ts';
import { Secret } from './secret.ts';

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string | Secret>>;
  readonly body?: string | Uint8Array | Secret;
  /** In place of the step's own signal: for what must still be done after that is aborted. */
  readonly signal?: AbortSignal;
  /** For the whole exchange, body included, in milliseconds; 30 s unless told. */
  readonly timeoutMs?: number;
  /** A larger body is a fault; 10 MiB unless told. */
  readonly maxBytes?: number;
  /** At most 10 redirects are followed; credentials stay with their origin. */
  readonly followRedirects?: boolean;
  /** Another way to the server than the environment's proxies, such as a port-forward. */
  readonly dispatcher?: Dispatcher;
}

/** What a server's certificate says, as far as the checks of a deployment ask. */
export interface PeerCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly validTo: Date;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly bytes: Uint8Array;
  /** The body as UTF-8. */
  text(): string;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  /** Milliseconds from asking to the first byte of the answer, and to its last. */
  readonly timing: { readonly firstByteMs: number; readonly totalMs: number };
  /** Undefined without TLS, through a proxy, and with a `dispatcher` of one's own. */
  readonly certificate: PeerCertificate | undefined;
}

/** The one way to HTTP servers; HTTP_PROXY, HTTPS_PROXY and NO_PROXY are honoured. */
export interface HttpGateway {
  /**
   * Asks once. Any status is an answer.
   * @throws HttpError `error-network` where none came, also within `timeoutMs`; the signal's reason when aborted.
   */
  request(url: string | URL, request?: HttpRequest): Promise<HttpAnswer>;
}

export interface HttpSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  onEnd(work: () => Promise<void>): void;
}

/** A gateway whose connections are kept alive until the step ends. Nothing is loaded before the first request. */
export function createHttp({ env, signal: ofRun, onEnd }: HttpSurroundings): HttpGateway {
  const certificates = new Map<string, PeerCertificate>();
  let opened: Promise<Transport> | undefined;
  const open = () => {
    opened ??= openTransport(env, certificates).then((transport) => {
      onEnd(() => transport.close());
      return transport;
    });
    return opened;
  };
  return {
    async request(url, request = {}) {
      const target = new URL(url);
      const { timeoutMs = 30_000, maxBytes = 10 * 2 ** 20 } = request;
      const transport = await open();
      const shown = shownUrl(target);
      const outer = request.signal ?? ofRun;
      const signal = within(timeoutMs, outer, `waiting for ${shown}`);
      const begun = performance.now();
      try {
        const answer = await transport.request(target, {
          method: request.method ?? 'GET',
          headers: Object.fromEntries(
            Object.entries(request.headers ?? {}).map(([name, value]) => [name, revealed(value)]),
          ),
          body: request.body instanceof Secret ? request.body.reveal() : (request.body ?? null),
          dispatcher: transport.through(request.dispatcher, request.followRedirects ?? false),
          signal,
        });
        const firstByteMs = performance.now() - begun;
        const bytes = await readAll(answer.body, maxBytes, shown);
        const last = new URL(answer.url);
        return {
          status: answer.status,
          headers: answer.headers,
          bytes,
          text: () => new TextDecoder().decode(bytes),
          url: last.href,
          timing: { firstByteMs, totalMs: performance.now() - begun },
          certificate: request.dispatcher === undefined ? certificates.get(last.host) : undefined,
        };
      } catch (error) {
        if (outer.aborted) throw outer.reason;
        if (signal.aborted) throw unanswered(shown, timeoutMs);
        throw error instanceof HttpError ? error : networkFault(error, shown);
      }
    },
  };
}

/** A URL for people: credentials and query, which often hold keys, left out. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function unanswered(shown: string, timeoutMs: number): HttpError {
  return new HttpError('error-network', `${shown} did not answer within ${timeoutMs / 1000} s`, {
    hint: 'look at what the server is doing, and at what stands before it',
    retryable: true,
  });
}

function revealed(value: string | Secret): string {
  return value instanceof Secret ? value.reveal() : value;
}

async function readAll(body: AsyncIterable<Uint8Array>, maxBytes: number, shown: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    // Leaving the loop destroys the body, and with it the connection.
    if (size > maxBytes)
      throw new HttpError('error-network', `the answer of ${shown} is larger than ${maxBytes} bytes`, {
        hint: 'check that the address is the one you mean',
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
