import { createHttp, createLog, createRedactor, Secret } from '@deploy-actions/core';
import { afterEach, expect, it } from 'vitest';
import type { Credentials } from '../../actions/build-and-push/src/registry/credentials.ts';
import { parseReference } from '../../actions/build-and-push/src/registry/reference.ts';
import { listTags, readImage } from '../../actions/build-and-push/src/registry/registry.ts';
import { RegistrySession } from '../../actions/build-and-push/src/registry/session.ts';
import { serve } from './actions-support.ts';

// The sign-in of hosted registries (bearer tokens, https://distribution.github.io/distribution/spec/auth/token/), which Debian's registry
// has no realm for: a server that speaks it. Everything else of the client is proven on the real registry in build.test.ts.
const PASSWORD = 'correct-horse-battery';
const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface TokenRegistry {
  readonly host: string;
  /** What was asked of the realm, in order. */
  readonly asked: string[];
  /** Tokens given so far are no longer accepted. */
  expire(): void;
}

async function tokenRegistry(): Promise<TokenRegistry> {
  const asked: string[] = [];
  let issue = 0;
  let host = '';
  const manifest = JSON.stringify({ schemaVersion: 2, config: { digest: `sha256:${'a'.repeat(64)}` } });
  const server = await serve(async (request, response) => {
    const url = new URL(request.url ?? '', `http://${host}`);
    if (url.pathname === '/token') {
      const body = (await request.toArray()).join('');
      asked.push(`${request.method} ${request.method === 'POST' ? body : url.searchParams}`);
      const basic = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
      const known =
        request.method === 'POST'
          ? new URLSearchParams(body).get('refresh_token') === 'refresh-me'
          : basic === `ann:${PASSWORD}`;
      issue += 1;
      response
        .writeHead(known ? 200 : 401)
        .end(
          known ? JSON.stringify({ [request.method === 'POST' ? 'access_token' : 'token']: `token-${issue}` }) : '{}',
        );
    } else if (request.headers.authorization !== `Bearer token-${issue}`) {
      response
        .writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token",service="the registry"` })
        .end();
    } else if (url.pathname.endsWith('/tags/list')) {
      const second = url.searchParams.get('last') === 'b';
      if (!second) response.setHeader('link', '</v2/acme/shop/tags/list?n=1000&last=b>; rel="next"');
      response.end(JSON.stringify({ name: 'acme/shop', tags: second ? ['c'] : ['a', 'b'] }));
    } else if (url.pathname.includes('/manifests/')) {
      response.writeHead(200, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' }).end(manifest);
    } else if (url.pathname.includes('/blobs/')) {
      response.end(
        JSON.stringify({ os: 'linux', architecture: 'arm64', variant: 'v8', config: { Labels: { team: 'shop' } } }),
      );
    } else {
      response.end('{}');
    }
  });
  host = `localhost:${server.port}`;
  ends.push(() => server.stop());
  const expire = () => {
    issue += 1;
  };
  return { host, asked, expire };
}

async function sessionAt(host: string, credentials: Credentials | undefined): Promise<RegistrySession> {
  const redactor = createRedactor();
  const { signal } = new AbortController();
  const http = createHttp({ env: {}, signal, onEnd: (work) => void ends.push(work) });
  const reference = parseReference(`${host}/acme/shop`);
  if (reference === undefined) throw new Error('no reference');
  return new RegistrySession(reference, credentials, 'pull,push', { http, signal, redactor, log: createLog(redactor) });
}

const ann: Credentials = { kind: 'password', username: 'ann', password: new Secret(PASSWORD) };

it('fetches a token for this repository alone, and a new one when it has expired', async () => {
  const registry = await tokenRegistry();
  const session = await sessionAt(registry.host, ann);
  await session.signIn();
  expect(await listTags(session)).toEqual(['a', 'b', 'c']);
  registry.expire();
  expect(await readImage(session, 'a')).toMatchObject({
    platforms: { 'linux/arm64': expect.stringMatching(/^sha256:/) },
    imageId: `sha256:${'a'.repeat(64)}`,
    labels: { team: 'shop' },
  });
  const query = new URLSearchParams({ service: 'the registry', scope: 'repository:acme/shop:pull,push' });
  expect(registry.asked).toEqual([`GET ${query}`, `GET ${query}`]);
});

it('uses the refresh token that an earlier sign-in left', async () => {
  const registry = await tokenRegistry();
  const session = await sessionAt(registry.host, { kind: 'token', token: new Secret('refresh-me') });
  await session.signIn();
  expect(await listTags(session)).toHaveLength(3);
  expect(registry.asked[0]).toContain('grant_type=refresh_token');
});

it.each<[string, Credentials | undefined, RegExp]>([
  [
    'a wrong password',
    { kind: 'password', username: 'ann', password: new Secret('wrong') },
    /does not accept user ann/,
  ],
  ['a stale token', { kind: 'token', token: new Secret('stale') }, /does not accept the stored token/],
  ['nobody', undefined, /does not accept an anonymous request/],
])('says so where it is refused as %s', async (_, credentials, sentence) => {
  const { host } = await tokenRegistry();
  await expect((await sessionAt(host, credentials)).signIn()).rejects.toMatchObject({
    reason: 'error-auth',
    message: expect.stringMatching(sentence),
  });
});
