import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';

/** A cluster's API as its administrator sees it: what `up` needs, no more. */
export class AdminApi {
  readonly #port: number;
  readonly #tls: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer };

  /** @param pki folder with the authority's and the administrator's files. */
  constructor(port: number, pki: string) {
    this.#port = port;
    const read = (name: string) => readFileSync(join(pki, name));
    this.#tls = { ca: read('ca.crt'), cert: read('admin.crt'), key: read('admin.key') };
  }

  /** The object at a path, or null when it does not exist (yet) or the server cannot be reached (yet). */
  async get<Kind>(path: string): Promise<Kind | null> {
    const answer = await this.#send('GET', path, null).catch(() => null);
    return answer?.status === 200 ? (JSON.parse(answer.body) as Kind) : null;
  }

  /** Server-side apply. @throws Error with the server's own words. */
  async apply(path: string, object: object): Promise<void> {
    const { status, body } = await this.#send(
      'PATCH',
      `${path}?fieldManager=sandbox&force=true`,
      JSON.stringify(object),
    );
    if (status >= 300) {
      throw new Error(`applying ${path} to the cluster: ${status} ${body}`);
    }
  }

  #send(method: string, path: string, body: string | null): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const headers = body === null ? {} : { 'Content-Type': 'application/apply-patch+yaml' };
      const outgoing = request(
        { host: '127.0.0.1', port: this.#port, method, path, headers, timeout: 10_000, ...this.#tls },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }),
          );
          response.on('error', reject);
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in 10 s')));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}
