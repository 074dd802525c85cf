import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { CancelledError, HttpError } from './errors.ts';
import { createHttp, type HttpGateway } from './http.ts';
import { Secret } from './secret.ts';

const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (let close = closing.pop(); close !== undefined; close = closing.pop()) await close();
});

/** A server on loopback; yields its address. */
async function serve(listener: RequestListener, server: Server = createServer()): Promise<string> {
  server.on('request', listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `127.0.0.1:${port}`;
}

function gateway(env: Readonly<Record<string, string>> = {}, signal = new AbortController().signal): HttpGateway {
  return createHttp({ env, signal, onEnd: (work) => void closing.push(work) });
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => error,
  );

describe('request', () => {
  it('asks and answers', async () => {
    const host = await serve(async (request, response) => {
      const body = (await request.toArray()).join('');
      response
        .writeHead(201, { 'X-Answer': 'yes' })
        .end(`${request.method} ${request.url} ${request.headers.authorization} ${body} é`);
    });
    const answer = await gateway().request(`http://${host}/a?b=c`, {
      method: 'POST',
      headers: { Authorization: new Secret('Bearer x') },
      body: new Secret('data'),
    });
    expect([answer.status, answer.headers['x-answer'], answer.text(), answer.url]).toEqual([
      201,
      'yes',
      'POST /a?b=c Bearer x data é',
      `http://${host}/a?b=c`,
    ]);
    expect(answer.timing.totalMs).toBeGreaterThanOrEqual(answer.timing.firstByteMs);
    expect(answer.certificate).toBeUndefined();
  });

  it.each([301, 404, 500, 503])('takes the status %i for an answer', async (status) => {
    const host = await serve((_, response) => void response.writeHead(status, { location: '/x' }).end('why'));
    const answer = await gateway().request(`http://${host}/`);
    expect([answer.status, answer.text()]).toEqual([status, 'why']);
  });

  it('keeps the connection, and closes it at the end', async () => {
    const server = createServer();
    let connections = 0;
    server.on('connection', () => {
      connections += 1;
    });
    const host = await serve((_, response) => void response.end('x'), server);
    const http = gateway();
    for (let count = 0; count < 20; count += 1) await http.request(`http://${host}/`);
    // undici may open a second one while it still reads the first answer's end.
    expect(connections).toBeLessThanOrEqual(2);
    await closing.pop()?.();
    await expect.poll(() => new Promise((resolve) => server.getConnections((_, count) => resolve(count)))).toBe(0);
  });

  it('follows redirects only when told, and keeps credentials from another origin', async () => {
    const other = await serve((request, response) => void response.end(`other ${request.headers.authorization}`));
    const host = await serve((request, response) => {
      if (request.url === '/loop') response.writeHead(302, { location: `/loop?${Math.random()}` }).end();
      else if (request.url?.startsWith('/loop?')) response.writeHead(302, { location: `/loop?${Math.random()}` }).end();
      else response.writeHead(302, { location: `http://${other}/there` }).end();
    });
    const answer = await gateway().request(`http://${host}/`, {
      followRedirects: true,
      headers: { authorization: 'x' },
    });
    expect([answer.text(), answer.url]).toEqual(['other undefined', `http://${other}/there`]);
    expect(await failureOf(gateway().request(`http://${host}/loop`, { followRedirects: true }))).toMatchObject({
      reason: 'error-network',
      message: expect.stringContaining('redirects'),
    });
  });

  it('refuses an answer that is too large', async () => {
    const host = await serve((_, response) => void response.end('x'.repeat(2000)));
    expect(await failureOf(gateway().request(`http://${host}/`, { maxBytes: 1000 }))).toMatchObject({
      reason: 'error-network',
      message: `the answer of http://${host}/ is larger than 1000 bytes`,
    });
  });
});

describe('what goes wrong on the way', () => {
  it('is told where nothing listens', async () => {
    const error = await failureOf(gateway().request('http://127.0.0.1:1/health?key=hunter2'));
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject({
      reason: 'error-network',
      message: 'http://127.0.0.1:1/health cannot be reached: nothing listens there',
      retryable: true,
      status: undefined,
    });
  });

  it('is told where a name does not resolve', async () => {
    expect(await failureOf(gateway().request('http://user:hunter2@nowhere.invalid/'))).toMatchObject({
      message: expect.stringMatching(/^http:\/\/nowhere\.invalid\/ cannot be reached: the (host name|DNS)/),
    });
  });

  it('is told when the other side breaks off', async () => {
    const host = await serve((request) => request.socket.destroy());
    expect(await failureOf(gateway().request(`http://${host}/`))).toMatchObject({
      message: expect.stringContaining('the other side broke off'),
      retryable: true,
    });
  });

  it('is told when TLS meets plain HTTP', async () => {
    const host = await serve((_, response) => void response.end());
    expect(await failureOf(gateway().request(`https://${host}/`))).toMatchObject({
      message: expect.stringContaining('it does not speak TLS'),
    });
  });

  it('is told when no answer comes in time', async () => {
    const host = await serve(() => {});
    expect(await failureOf(gateway().request(`http://${host}/`, { timeoutMs: 50 }))).toMatchObject({
      reason: 'error-network',
      message: `http://${host}/ did not answer within 0.05 s`,
    });
  });

  it('is told when the answer stops half-way', async () => {
    const host = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await failureOf(gateway().request(`http://${host}/`))).toMatchObject({ reason: 'error-network' });
  });

  it('is the reason of the step’s signal when that is aborted', async () => {
    const host = await serve(() => {});
    const controller = new AbortController();
    const waiting = failureOf(gateway({}, controller.signal).request(`http://${host}/`));
    setTimeout(() => controller.abort(new CancelledError()), 20);
    expect(await waiting).toBeInstanceOf(CancelledError);
  });
});

describe('proxies', () => {
  /** A proxy that forwards plain requests and tunnels CONNECT, and says what it was asked for. */
  async function proxy(asked: string[]): Promise<string> {
    const server = createServer();
    server.on('connect', (request, client) => {
      asked.push(`CONNECT ${request.url}`);
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const upstream = connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on('error', () => client.destroy());
      client.on('error', () => upstream.destroy());
    });
    return serve((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end('by proxy');
    }, server);
  }

  it('are used as the environment says', async () => {
    const asked: string[] = [];
    const through = await proxy(asked);
    const http = gateway({ HTTP_PROXY: `http://${through}`, NO_PROXY: 'localhost,127.0.0.1' });
    expect((await http.request('http://service.invalid/x')).text()).toBe('by proxy');
    const host = await serve((_, response) => void response.end('direct'));
    expect((await http.request(`http://${host}/`)).text()).toBe('direct');
    expect(asked).toEqual(['GET http://service.invalid/x']);
  });

  it('are tunnelled through for TLS', async () => {
    const asked: string[] = [];
    const through = await proxy(asked);
    const { host } = await serveTls();
    const answer = await gateway({ HTTPS_PROXY: `http://${through}` }).request(`https://${host}/`);
    expect([answer.text(), asked]).toEqual(['secure', [`CONNECT ${host}`]]);
  });
});

describe('TLS', () => {
  it('shows the certificate, on a kept connection too', async () => {
    const { host } = await serveTls();
    const http = gateway();
    for (let count = 0; count < 2; count += 1) {
      const { certificate } = await http.request(`https://${host}/`);
      expect([certificate?.subject, certificate?.issuer]).toEqual(['127.0.0.1', '127.0.0.1']);
      const days = ((certificate?.validTo.getTime() ?? 0) - Date.now()) / 86_400_000;
      expect(Math.round(days)).toBe(30);
    }
  });

  it('refuses a certificate that nobody vouches for', async () => {
    const { host } = await serveTls(false);
    expect(await failureOf(gateway().request(`https://${host}/`))).toMatchObject({
      message: expect.stringContaining('signed by itself'),
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
      retryable: false,
    });
  });
});

/** A TLS server with a certificate of its own for 30 days, trusted by this process or not. */
async function serveTls(trusted = true): Promise<{ host: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'));
  closing.push(() => rmSync(folder, { recursive: true }));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-keyout', keyFile];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      ...key,
      '-out',
      certFile,
      '-days',
      '30',
      '-subj',
      '/CN=127.0.0.1',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
    ],
    { stdio: 'ignore' },
  );
  const cert = readFileSync(certFile, 'utf8');
  if (trusted) {
    const before = getCACertificates('default');
    setDefaultCACertificates([...before, cert]);
    closing.push(() => setDefaultCACertificates(before));
  }
  const server = createTlsServer({ key: readFileSync(keyFile), cert });
  return { host: await serve((_, response) => void response.end('secure'), server) };
}
