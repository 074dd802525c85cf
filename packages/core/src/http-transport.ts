import { TLSSocket } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { PeerCertificate } from './http.ts';
import { lookup } from './lookup.ts';
import { proxiesOf } from './proxies.ts';

/** One answer as undici gives it, its body not read yet. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
  /** Where it came from, after redirects. */
  readonly url: string;
}

export interface Transport {
  request(url: URL, options: TransportOptions): Promise<RawAnswer>;
  /** The dispatcher to use: one's own or the environment's, following redirects or not. */
  through(own: Dispatcher | undefined, followRedirects: boolean): Dispatcher;
  close(): Promise<void>;
}

interface TransportOptions {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** Loads undici, which costs as much as all the rest of a step's start; certificates are noted by `host:port` as connections are made. */
export async function openTransport(
  env: Readonly<Record<string, string | undefined>>,
  certificates: Map<string, PeerCertificate>,
): Promise<Transport> {
  const { buildConnector, EnvHttpProxyAgent, interceptors, request } = await import('undici');
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup });
  const agent = new EnvHttpProxyAgent({
    ...proxiesOf(env),
    connect: (options, callback) =>
      connect(options, (...result) => {
        const [, socket] = result;
        if (socket instanceof TLSSocket) {
          const certificate = certificateOf(socket);
          const host = options.host ?? options.hostname;
          if (certificate !== undefined) certificates.set(host, certificate);
        }
        callback(...result);
      }),
  });
  const redirecting = interceptors.redirect({ maxRedirections: 10, throwOnMaxRedirect: true });
  return {
    through: (own, followRedirects) => (followRedirects ? (own ?? agent).compose(redirecting) : (own ?? agent)),
    close: () => agent.destroy(),
    async request(url, options) {
      const { statusCode, headers, body, context } = await request(url, options);
      return { status: statusCode, headers, body, url: lastUrl(context) ?? url.href };
    },
  };
}

/** The redirect interceptor leaves the addresses it went through in the answer's context, the last one included. */
function lastUrl(context: unknown): string | undefined {
  if (typeof context !== 'object' || context === null || !('history' in context) || !Array.isArray(context.history))
    return undefined;
  const last: unknown = context.history.at(-1);
  return last instanceof URL ? last.href : undefined;
}

function certificateOf(socket: TLSSocket): PeerCertificate | undefined {
  const { subject, issuer, valid_to: validTo } = socket.getPeerCertificate();
  if (subject === undefined || validTo === undefined) return undefined;
  const nameOf = (name: { CN?: string | string[]; O?: string | string[] }) =>
    [name.CN ?? name.O ?? ''].flat().join(', ');
  return { subject: nameOf(subject), issuer: nameOf(issuer), validTo: new Date(validTo) };
}
