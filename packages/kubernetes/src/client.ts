import { ActionError, type Log, type Place, retry } from '@deploy-actions/core';
import type { Dispatcher } from 'undici';
import type { ClusterAccess } from './access.ts';
import { ApiError, errorOfAnswer, errorOfFault, type Question } from './answers.ts';
import { hideValues, isSecretObject, revealedJson } from './hidden.ts';
import { isRecord, type KubeObject } from './objects.ts';
import { type Identity, type SignInTools, signIn, tokenExpiry } from './sign-in.ts';
import { openDispatcher } from './transport.ts';

export interface ClientTools extends SignInTools {
  readonly log: Log;
  /** For HTTPS_PROXY and NO_PROXY. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/api/v1/namespaces/shop/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal: AbortSignal;
  /** What is going on, for errors: `apply Deployment/api`. */
  readonly doing: string;
  readonly place?: Place | undefined;
  /** Milliseconds until an answer must have begun, and between two pieces of it; 30 s. */
  readonly timeoutMs?: number;
}

/** An answer whose body is read piece by piece: watches and logs. */
export interface Stream {
  readonly body: AsyncIterable<Buffer>;
}

interface Session {
  readonly identity: Identity;
  readonly dispatcher: Dispatcher;
}

const ATTEMPTS = 4;
const TIMEOUT_MS = 30_000;

/** A thin client of one API server: kept-alive connections, retries of what may pass, typed errors. One is made a run. */
export class KubeClient {
  readonly access: ClusterAccess;
  readonly #tools: ClientTools;
  #session: Promise<Session> | undefined;
  #clockOffset = 0;

  constructor(access: ClusterAccess, tools: ClientTools) {
    this.access = access;
    this.#tools = tools;
  }

  /** The API server's time in epoch milliseconds, good to a second: runners' clocks are not the cluster's. */
  now(): number {
    return Date.now() + this.#clockOffset;
  }

  get log(): Log {
    return this.#tools.log;
  }

  /** Sends one request and parses the JSON answer. @throws ApiError for a refusal, HttpError where no answer came */
  async json<T>(request: Request): Promise<T> {
    const text = await this.text(request);
    return hideAnswer(JSON.parse(text)) as T;
  }

  /** As {@link json}, for answers in plain text. */
  async text(request: Request): Promise<string> {
    return await this.#persist(request, async () => {
      const { body } = await this.#send(request);
      return await body.text();
    });
  }

  /** Opens an answer that goes on for long; a break while it is read is the reader's to handle. */
  async stream(request: Request): Promise<Stream> {
    return await this.#persist(request, async () => ({ body: (await this.#send(request)).body }));
  }

  /** What a WebSocket to this server needs. */
  async upgrade(path: string): Promise<{ url: URL; dispatcher: Dispatcher; headers: Record<string, string> }> {
    const { dispatcher, identity } = await this.#open();
    const url = this.#url(path, {});
    url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
    return { url, dispatcher, headers: authorize(identity) };
  }

  /** Lets go of all connections. */
  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    await session?.dispatcher.destroy();
  }

  #persist<T>(request: Request, work: () => Promise<T>): Promise<T> {
    let renewed = false;
    return retry(
      async () => {
        try {
          return await work();
        } catch (error) {
          if (!(error instanceof ApiError && error.status === 401)) throw error;
          const { identity } = await this.#open();
          if (renewed || !identity.renewable) throw sayExpiry(error, identity, this.access.context);
          // Plug-ins' tokens live for minutes: once, ask for a newer one.
          renewed = true;
          await this.close();
          return await work();
        }
      },
      {
        signal: request.signal,
        attempts: ATTEMPTS,
        isTransient: (error) => transient(error, request.method ?? 'GET'),
        log: this.#tools.log,
      },
    );
  }

  #open(): Promise<Session> {
    this.#session ??= signIn(this.access, this.#tools).then(async (identity) => ({
      identity,
      dispatcher: await openDispatcher(this.access, identity, this.#tools.env),
    }));
    return this.#session;
  }

  #url(path: string, query: NonNullable<Request['query']>): URL {
    // A server address may have a path of its own (Rancher, proxies).
    const url = new URL(this.access.server.href.replace(/\/$/, '') + path);
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    return url;
  }

  async #send(request: Request): Promise<Dispatcher.ResponseData> {
    const {
      method = 'GET',
      path,
      query = {},
      body,
      contentType = 'application/json',
      signal,
      timeoutMs = TIMEOUT_MS,
    } = request;
    const question: Question = { doing: request.doing, context: this.access.context, place: request.place };
    const { dispatcher, identity } = await this.#open();
    const url = this.#url(path, query);
    let answer: Dispatcher.ResponseData;
    try {
      answer = await dispatcher.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: {
          accept: request.accept ?? 'application/json',
          'user-agent': 'deploy-actions',
          ...(body === undefined ? {} : { 'content-type': contentType }),
          ...authorize(identity),
        },
        body: body === undefined ? null : revealedJson(body),
        signal,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
    } catch (cause) {
      signal.throwIfAborted();
      throw errorOfFault(cause, this.access.server, question);
    }
    const date = answer.headers.date;
    if (typeof date === 'string') this.#clockOffset = skew(Date.parse(date), this.#clockOffset);
    if (answer.statusCode < 400) return answer;
    const text = await answer.body.text();
    const error = errorOfAnswer(answer.statusCode, text, question);
    const after = Number(answer.headers['retry-after']);
    throw Number.isFinite(after) ? Object.assign(error, { afterMs: after * 1000 }) : error;
  }
}

/** The Date header has whole seconds: only a difference of more than one says anything. */
function skew(serverTime: number, known: number): number {
  const offset = serverTime + 500 - Date.now();
  return Number.isFinite(offset) && Math.abs(offset - known) > 1_500 ? offset : known;
}

function authorize(identity: Identity): Record<string, string> {
  return identity.authorization === undefined ? {} : { authorization: identity.authorization.reveal() };
}

function transient(error: unknown, method: string): boolean | { afterMs: number } {
  if (!(error instanceof ActionError) || error.reason !== 'error-network' || !error.retryable) return false;
  // A POST whose answer was lost may have made the object; every other verb here can be said twice.
  if (method === 'POST' && !(error instanceof ApiError && error.status === 429)) return false;
  return 'afterMs' in error && typeof error.afterMs === 'number' ? { afterMs: error.afterMs } : true;
}

function sayExpiry(error: ApiError, identity: Identity, context: string): ActionError {
  const expiry = tokenExpiry(identity.authorization?.reveal() ?? '');
  if (expiry === undefined || expiry.getTime() > Date.now()) return error;
  return new ActionError('error-auth', `the token of context "${context}" expired on ${expiry.toISOString()}`, {
    hint: 'make a new one and update the secret that holds the kubeconfig',
    cause: error,
  });
}

/** Secrets are wrapped as they come in, one or a list of them. */
function hideAnswer(answer: unknown): unknown {
  if (!isRecord(answer)) return answer;
  if (answer.kind === 'SecretList' && Array.isArray(answer.items)) {
    const items = answer.items.map((item: KubeObject) => hideValues({ ...item, apiVersion: 'v1', kind: 'Secret' }));
    return { ...answer, items };
  }
  const object = answer as KubeObject;
  return isSecretObject(object) ? hideValues(object) : answer;
}
