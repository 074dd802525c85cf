import { once } from 'node:events';
import { connect } from 'node:net';
import {
  ActionError,
  type Context,
  type HttpAnswer,
  HttpError,
  lookup,
  networkFault,
  type Secret,
  within,
} from '@deploy-actions/core';
import { assess, type Failure } from './checks/assess.ts';
import { addressOf, type Check, type HttpCheck, type TcpCheck } from './checks/check.ts';
import type { Expected } from './expected.ts';
import { endOf, type Ways } from './reach.ts';

/** What one request, or one connection, showed. */
export interface Sample {
  /** Empty: all that the check says holds. */
  readonly failures: readonly Failure[];
  /** Milliseconds to the last byte; undefined where no answer came. */
  readonly ms: number | undefined;
  readonly status: number | undefined;
}

/** How to ask, the same for every check. */
export interface Asking {
  readonly headers: Readonly<Record<string, Secret>>;
  readonly followRedirect: boolean;
  readonly expected: Expected;
  readonly ways: Ways;
  /** For one request, in milliseconds. */
  readonly timeoutMs: number;
  readonly context: Pick<Context, 'http' | 'signal'>;
}

/** Asks once. Faults of the network are failures of the check; only an aborted run throws. */
export async function ask(check: Check, asking: Asking): Promise<Sample> {
  const { signal } = asking.context;
  try {
    return check.kind === 'tcp' ? await dial(check, asking) : await request(check, asking);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ActionError)) throw error;
    return { failures: [failureOf(error)], ms: undefined, status: undefined };
  }
}

async function request(
  check: HttpCheck,
  { headers, followRedirect, expected, ways, timeoutMs, context }: Asking,
): Promise<Sample> {
  const { host, port } = endOf(check);
  const way = await ways.to(host, port);
  const answer: HttpAnswer = await context.http.request(check.url.reveal(), {
    method: check.method,
    headers: { ...headers, ...check.headers },
    ...(check.body === undefined ? {} : { body: check.body }),
    followRedirects: followRedirect,
    timeoutMs: Math.max(timeoutMs, (check.maxTime ?? 0) + 1000),
    signal: context.signal,
    ...(way === undefined ? {} : { dispatcher: way.dispatcher }),
  });
  return {
    failures: await assess(check, answer, expected, Date.now()),
    ms: answer.timing.totalMs,
    status: answer.status,
  };
}

async function dial(check: TcpCheck, { ways, timeoutMs, context }: Asking): Promise<Sample> {
  const { host, port } = (await ways.to(check.host, check.port)) ?? check;
  const signal = within(check.maxTime ?? timeoutMs, context.signal, `connecting to ${addressOf(check)}`);
  const begun = performance.now();
  const socket = connect({ host, port, lookup });
  try {
    await once(socket, 'connect', { signal });
    return { failures: [], ms: performance.now() - begun, status: undefined };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw networkFault(error, addressOf(check));
  } finally {
    socket.destroy();
  }
}

/** A server that doesn't answer fails its check; a name that doesn't resolve, or a cluster that refuses us, tells nothing of the release. */
function failureOf(error: ActionError): Failure {
  const code = error.cause instanceof Error && 'code' in error.cause ? error.cause.code : undefined;
  if (code === 'CERT_HAS_EXPIRED') return { reason: 'certificate-expiring', message: error.message, isFinal: true };
  if (error.reason === 'deadline') return { reason: 'check-failed', message: error.message, isFinal: false };
  const couldNotTell = error instanceof HttpError ? !error.retryable : error.reason !== 'error-network';
  return { reason: couldNotTell ? 'error-network' : 'check-failed', message: error.message, isFinal: false };
}
