import { ActionError } from './errors.ts';

/** The environment's proxies as undici's EnvHttpProxyAgent takes them; an empty text is none, and keeps it from looking itself. */
export interface Proxies {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

/**
 * Reads HTTP_PROXY, HTTPS_PROXY and NO_PROXY; the lower-case spelling wins, as in curl, and `host:port` is taken for http.
 * @throws ActionError `error-input` where one is no address; it is not quoted, since it may hold a password.
 */
export function proxiesOf(env: Readonly<Record<string, string | undefined>>): Proxies {
  const address = (name: string) => {
    const given = (env[name.toLowerCase()] ?? env[name] ?? '').trim();
    if (given === '') return '';
    const full = given.includes('://') ? given : `http://${given}`;
    if (URL.canParse(full)) return full;
    throw new ActionError('error-input', `the environment's ${name} is no address of a proxy`, {
      hint: 'write it as http://HOST:PORT, or unset it',
    });
  };
  return {
    httpProxy: address('HTTP_PROXY'),
    httpsProxy: address('HTTPS_PROXY'),
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
  };
}
