import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { onTestFinished } from 'vitest';
import { createHttp, type HttpGateway } from '../src/http.ts';

/** A server on loopback until the test ends; yields its `host:port`. */
export async function serve(listener: RequestListener, server: Server = createServer()): Promise<string> {
  server.on('request', listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `127.0.0.1:${port}`;
}

/** A gateway whose connections are closed when the test ends. */
export function gateway(
  env: Readonly<Record<string, string>> = {},
  signal = new AbortController().signal,
): HttpGateway {
  return createHttp({ env, signal, onEnd: (work) => onTestFinished(work) });
}

/** A TLS server with a certificate of its own for 30 days, trusted by this process or not. */
export async function serveTls(trusted = true): Promise<{ host: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
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
    onTestFinished(() => setDefaultCACertificates(before));
  }
  const server = createTlsServer({ key: readFileSync(keyFile), cert });
  return { host: await serve((_, response) => void response.end('secure'), server) };
}
