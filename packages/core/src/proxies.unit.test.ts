import { expect, it } from 'vitest';
import { proxiesOf } from './proxies.ts';

it.each([
  [{}, '', ''],
  [{ HTTP_PROXY: 'http://a:3128', HTTPS_PROXY: 'a:3129' }, 'http://a:3128', 'http://a:3129'],
  [{ HTTP_PROXY: 'http://a:3128', http_proxy: 'http://b:3128' }, 'http://b:3128', ''],
  [{ HTTP_PROXY: 'http://a:3128', http_proxy: '' }, '', ''],
])('of %j', (env, httpProxy, httpsProxy) => {
  expect(proxiesOf(env)).toEqual({ httpProxy, httpsProxy, noProxy: '' });
});

it('refuses what is no address, without its password', () => {
  expect(() => proxiesOf({ HTTPS_PROXY: 'http://ann:hunter2@pro xy' })).toThrow(
    "the environment's HTTPS_PROXY is no address of a proxy",
  );
});
