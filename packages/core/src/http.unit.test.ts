import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../test/failure-of.ts';
import { gateway, serve } from '../test/servers.ts';
import { CancelledError, HttpError } from './errors.ts';
import { createHttp } from './http.ts';
import { Secret } from './secret.ts';

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
    const atEnd: (() => Promise<void>)[] = [];
    const http = createHttp({ env: {}, signal: new AbortController().signal, onEnd: (work) => void atEnd.push(work) });
    for (let count = 0; count < 20; count += 1) await http.request(`http://${host}/`);
    // undici may open a second one while it still reads the first answer's end.
    expect(connections).toBeLessThanOrEqual(2);
    for (const work of atEnd) await work();
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
