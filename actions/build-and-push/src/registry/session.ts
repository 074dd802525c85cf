import {
  ActionError,
  type Context,
  type HttpAnswer,
  HttpError,
  type HttpRequest,
  retry,
  Secret,
} from '@deploy-actions/core';
import type { Credentials } from './credentials.ts';
import { isLoopback, type Reference } from './reference.ts';

type Ask = Pick<HttpRequest, 'method' | 'headers' | 'body'>;

/**
 * Requests to one repository of a registry, signed in as the registry asks to be (Basic, or a bearer token from the realm it names).
 * https://distribution.github.io/distribution/spec/auth/token/
 */
export class RegistrySession {
  readonly reference: Reference;
  readonly #context: Pick<Context, 'http' | 'signal' | 'redactor' | 'log'>;
  readonly #credentials: Credentials | undefined;
  readonly #access: 'pull' | 'pull,push';
  #authorization: Secret | undefined;
  #base: string | undefined;

  constructor(
    reference: Reference,
    credentials: Credentials | undefined,
    access: 'pull' | 'pull,push',
    context: Pick<Context, 'http' | 'signal' | 'redactor' | 'log'>,
  ) {
    this.reference = reference;
    this.#credentials = credentials;
    this.#access = access;
    this.#context = context;
  }

  /** Reaches the registry and signs in. Throws HttpError `error-network`, ActionError `error-auth` where it doesn't know us. */
  async signIn(): Promise<void> {
    const answer = await this.#send(`${await this.#baseUrl()}/v2/`, {});
    if (answer.status === 401) await this.#answerChallenge(answer);
    else if (answer.status >= 300) throw this.#unexpected(answer, 'answered the version check');
  }

  /** One request below `/v2/PATH/`; passing faults (429, 5xx, broken connections) are retried. Any status comes back but 401. */
  async request(path: string, ask: Ask = {}): Promise<HttpAnswer> {
    const url = `${await this.#baseUrl()}/v2/${this.reference.path}/${path}`;
    let answer = await this.#send(url, ask);
    if (answer.status === 401) {
      await this.#answerChallenge(answer);
      answer = await this.#send(url, ask);
    }
    if (answer.status === 401) throw this.#denied(answer.status);
    return answer;
  }

  async #send(url: string, ask: Ask): Promise<HttpAnswer> {
    const authorization = this.#authorization === undefined ? {} : { authorization: this.#authorization };
    return await retry(
      async () => {
        const answer = await this.#context.http.request(url, {
          method: ask.method ?? 'GET',
          headers: { ...ask.headers, ...authorization },
          ...(ask.body === undefined ? {} : { body: ask.body }),
          followRedirects: true,
          timeoutMs: 30_000,
          signal: this.#context.signal,
        });
        if (answer.status === 429 || answer.status >= 500) throw this.#unexpected(answer, 'is overloaded or broken');
        return answer;
      },
      {
        signal: this.#context.signal,
        attempts: 4,
        isTransient: (error) => error instanceof HttpError && error.retryable,
        log: this.#context.log,
      },
    );
  }

  async #answerChallenge(answer: HttpAnswer): Promise<void> {
    const challenge = header(answer, 'www-authenticate');
    const credentials = this.#credentials;
    if (/^basic/i.test(challenge)) {
      if (credentials?.kind !== 'password' || this.#authorization !== undefined) throw this.#denied(401);
      this.#authorization = basic(credentials);
      // Told apart here, so that a wrong password is found before anything is built.
      if ((await this.#send(`${await this.#baseUrl()}/v2/`, {})).status === 401) throw this.#denied(401);
      return;
    }
    const parameters = new Map(
      [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
    );
    const realm = parameters.get('realm');
    if (realm === undefined) throw this.#unexpected(answer, `asks to sign in in a way we don't know ("${challenge}")`);
    const token = await this.#fetchToken(realm, parameters.get('service') ?? this.reference.host);
    this.#context.redactor.add(token);
    this.#authorization = new Secret(`Bearer ${token}`);
  }

  async #fetchToken(realm: string, service: string): Promise<string> {
    const scope = `repository:${this.reference.path}:${this.#access}`;
    const credentials = this.#credentials;
    const answer =
      credentials?.kind === 'token'
        ? await this.#context.http.request(realm, {
            method: 'POST',
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: new URLSearchParams({
              grant_type: 'refresh_token',
              refresh_token: credentials.token.reveal(),
              service,
              scope,
              client_id: 'deploy-actions',
            }).toString(),
            signal: this.#context.signal,
          })
        : await this.#context.http.request(`${realm}?${new URLSearchParams({ service, scope })}`, {
            headers: credentials === undefined ? {} : { authorization: basic(credentials) },
            signal: this.#context.signal,
          });
    if (answer.status === 401 || answer.status === 403) throw this.#denied(answer.status);
    if (answer.status !== 200) throw this.#unexpected(answer, 'gave no token');
    const body = JSON.parse(answer.text()) as { token?: unknown; access_token?: unknown };
    const token = body.token ?? body.access_token;
    if (typeof token !== 'string') throw this.#unexpected(answer, 'gave no token');
    return token;
  }

  /** Loopback registries speak plain http, unless they say otherwise, as docker has it. */
  async #baseUrl(): Promise<string> {
    const { host } = this.reference;
    if (this.#base === undefined) {
      this.#base = `https://${host === 'docker.io' ? 'registry-1.docker.io' : host}`;
      if (isLoopback(host)) {
        const plain = await this.#send(`http://${host}/v2/`, {});
        // Go's servers answer http on a TLS port with exactly this status.
        if (plain.status !== 400) this.#base = `http://${host}`;
      }
    }
    return this.#base;
  }

  #denied(status: number): ActionError {
    const who =
      this.#credentials === undefined
        ? 'an anonymous request'
        : this.#credentials.kind === 'token'
          ? 'the stored token'
          : `user ${this.#credentials.username}`;
    return new ActionError(
      'error-auth',
      `the registry ${this.reference.host} does not accept ${who} for ${this.reference.repository} (HTTP ${status})`,
      {
        hint: 'give `username` and `password` (on ghcr.io: `password: ${{ github.token }}` with `packages: write`), or sign in with docker/login-action before; a token may have expired',
      },
    );
  }

  #unexpected(answer: HttpAnswer, what: string): HttpError {
    return new HttpError('error-network', `the registry ${this.reference.host} ${what} (HTTP ${answer.status})`, {
      hint: 'look at the registry; the step can be run again',
      status: answer.status,
      retryable: true,
    });
  }
}

function basic(credentials: Credentials & { kind: 'password' }): Secret {
  return new Secret(
    `Basic ${Buffer.from(`${credentials.username}:${credentials.password.reveal()}`).toString('base64')}`,
  );
}

/** A header of an answer as one string, empty where it is missing. */
export function header(answer: HttpAnswer, name: string): string {
  const value = answer.headers[name];
  return typeof value === 'string' ? value : (value ?? []).join(', ');
}
