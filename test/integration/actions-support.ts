import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';

const ACTIONS = path.resolve(import.meta.dirname, '../../actions');

/** Folders with each action's action.yml, whose entries are its sources: what is tested needs no bundle to be fresh. */
export async function sourceTree(
  actions: readonly string[],
): Promise<{ readonly tree: string; remove(): Promise<void> }> {
  const tree = await mkdtemp(path.join(tmpdir(), 'deploy-actions-tree-'));
  for (const action of actions) {
    await mkdir(path.join(tree, action));
    const text = await readFile(path.join(ACTIONS, action, 'action.yml'), 'utf8');
    const pointed = text.replace(
      /^( *(main|post)): .*dist.*$/gm,
      (_, key: string, entry: string) => `${key}: ${path.join(ACTIONS, action, 'src', `${entry}.ts`)}`,
    );
    await writeFile(path.join(tree, action, 'action.yml'), pointed);
  }
  return { tree, remove: () => rm(tree, { recursive: true }) };
}

/** A registry of a test's own: one that it may stop, fill and close to strangers. */
export interface Registry {
  /** `localhost:PORT`. */
  readonly host: string;
  stop(): Promise<void>;
}

/** Name and password of the one account of a registry started with `closed`. */
export const ACCOUNT = { username: 'ann', password: 'correct-horse-battery' } as const;
/** bcrypt at its least cost: a test signs in often. */
const HTPASSWD = 'ann:$2y$04$orQu3bJ8YzSpxFIJ0AkPkeTHEAJ5/GcX82Ble54i2jhqB34chsPwq\n';

/** Starts Debian's docker-registry on a free port; `closed`: only {@link ACCOUNT} may come in. */
export async function startRegistry({ closed = false } = {}): Promise<Registry> {
  const folder = await mkdtemp(path.join(tmpdir(), 'deploy-actions-registry-'));
  const port = await freePort();
  await writeFile(path.join(folder, 'htpasswd'), HTPASSWD);
  const auth = closed ? { auth: { htpasswd: { realm: 'test', path: path.join(folder, 'htpasswd') } } } : {};
  const config = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: path.join(folder, 'data') } },
    http: { addr: `127.0.0.1:${port}` },
    ...auth,
  };
  await writeFile(path.join(folder, 'config.yaml'), stringify(config));
  const child = spawn('docker-registry', ['serve', path.join(folder, 'config.yaml')], { stdio: 'ignore' });
  await answering(`http://127.0.0.1:${port}/v2/`, child);
  return {
    host: `localhost:${port}`,
    async stop() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (child.exitCode !== null) throw new Error(`docker-registry exited with ${child.exitCode}`);
    const up = await fetch(url).then(
      () => true,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer`);
}

/** A port that nothing listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A web server on loopback; `address` is where, `127.0.0.1` unless told. */
export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  address = '127.0.0.1',
): Promise<{ readonly port: number; readonly server: Server; stop(): Promise<void> }> {
  const server = createServer(answer).listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    server,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A proxy before a registry that answers by itself where `fault` gives a status; everything else goes through. */
export async function faultyProxy(
  registry: Registry,
  fault: (method: string, url: string) => number | undefined,
): Promise<Registry> {
  const port = Number(registry.host.split(':')[1]);
  const proxy = await serve((incoming, outgoing) => {
    const status = fault(incoming.method ?? '', incoming.url ?? '');
    if (status !== undefined) {
      incoming.resume();
      outgoing.writeHead(status, { 'content-type': 'application/json' });
      const code = status === 403 ? 'DENIED' : 'UNAVAILABLE';
      outgoing.end(
        JSON.stringify({
          errors: [{ code, message: status === 403 ? 'requested access to the resource is denied' : 'try later' }],
        }),
      );
      return;
    }
    const onward = request(
      { host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  return { host: `localhost:${proxy.port}`, stop: () => proxy.stop() };
}
