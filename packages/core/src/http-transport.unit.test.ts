import { createServer } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../test/failure-of.ts';
import { gateway, serve, serveTls } from '../test/servers.ts';

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
