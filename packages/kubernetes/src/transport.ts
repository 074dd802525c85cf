import { proxiesOf } from '@deploy-actions/core';
import type { Dispatcher } from 'undici';
import type { ClusterAccess } from './access.ts';
import type { Identity } from './sign-in.ts';

const CONNECT_MS = 10_000;
const KEPT_ALIVE_MS = 60_000;

/**
 * Kept-alive connections to one API server, through the kubeconfig's proxy or the environment's (as kubectl, never to this machine itself).
 * undici is loaded with the first.
 */
export async function openDispatcher(
  access: ClusterAccess,
  identity: Identity,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent, ProxyAgent } = await import('undici');
  const connect = {
    ...(access.tls.ca === undefined ? {} : { ca: access.tls.ca }),
    ...(access.tls.serverName === undefined ? {} : { servername: access.tls.serverName }),
    ...(identity.pair === undefined ? {} : { cert: identity.pair.certificate, key: identity.pair.key.reveal() }),
    rejectUnauthorized: !access.tls.insecure,
    timeout: CONNECT_MS,
  };
  // HTTP/1.1: each watch holds a connection of its own, and a WebSocket needs it.
  const options = { connect, requestTls: connect, allowH2: false, keepAliveTimeout: KEPT_ALIVE_MS };
  if (access.proxyUrl !== undefined) return new ProxyAgent({ uri: access.proxyUrl, ...options });
  const proxies = proxiesOf(env);
  const local = /^(localhost|127\.|\[::1\])/.test(access.server.hostname);
  if (local || (proxies.httpsProxy === '' && proxies.httpProxy === '')) return new Agent(options);
  return new EnvHttpProxyAgent({ ...options, ...proxies });
}
