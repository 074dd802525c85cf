import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** An address that must answer 200 all the time. */
export interface Target {
  readonly url: string;
  /** Says what is wrong with an answer's text; undefined when nothing is. */
  readonly fault?: (body: string) => string | undefined;
}

/** What was counted between two moments. */
export interface Count {
  readonly total: number;
  readonly failed: number;
  /** The first few failures, as sentences. */
  readonly failures: readonly string[];
  readonly seconds: number;
}

const RATE = 20;
const TIMEOUT_MS = 5000;
const FAILURES_KEPT = 5;
/** No run of the demo takes this long: a forgotten prober ends by itself. */
const LONGEST_MS = 15 * 60_000;

/**
 * Asks `targets` in turn, 20 times a second, alternately over a kept-alive and over a new connection, and counts every answer.
 * A request on a kept-alive connection that the server closes before a byte of the answer is sent once more on a new one, as
 * browsers and proxies do (RFC 9110, 9.2.2): the server has not seen it.
 */
export class Prober {
  readonly #keptAlive = new Agent({ keepAlive: true, maxSockets: 4 });
  readonly #fresh = new Agent({ keepAlive: false });
  readonly #stop = new AbortController();
  readonly #pending = new Set<Promise<void>>();
  readonly #run: Promise<void>;
  #total = 0;
  #failures: string[] = [];
  #failed = 0;
  #since = performance.now();

  constructor(targets: readonly Target[]) {
    if (targets.length === 0) throw new Error('a prober needs an address to ask');
    this.#run = this.#ask(targets);
  }

  /** What was counted since the last time (requests still under way count next time), and starts anew. */
  take(): Count {
    const count = {
      total: this.#total,
      failed: this.#failed,
      failures: this.#failures,
      seconds: (performance.now() - this.#since) / 1000,
    };
    this.#total = 0;
    this.#failed = 0;
    this.#failures = [];
    this.#since = performance.now();
    return count;
  }

  /** Ends, waits for what is under way, and yields the rest of the count. */
  async end(): Promise<Count> {
    this.#stop.abort();
    await this.#run;
    await Promise.all(this.#pending);
    this.#keptAlive.destroy();
    this.#fresh.destroy();
    return this.take();
  }

  async #ask(targets: readonly Target[]): Promise<void> {
    const begun = performance.now();
    for (let sent = 0; !this.#stop.signal.aborted && performance.now() - begun < LONGEST_MS; sent++) {
      // Each target meets both kinds of connection.
      const target = targets[Math.floor(sent / 2) % targets.length];
      if (target) {
        const request = this.#request(target, sent % 2 === 0 ? this.#keptAlive : this.#fresh);
        this.#pending.add(request);
        void request.finally(() => this.#pending.delete(request));
      }
      const next = begun + ((sent + 1) * 1000) / RATE;
      await sleep(Math.max(0, next - performance.now()), undefined, { signal: this.#stop.signal }).catch(
        () => undefined,
      );
    }
  }

  async #request(target: Target, agent: Agent): Promise<void> {
    const fault = await outcome(target, agent).catch((error: unknown) => String(error));
    this.#total += 1;
    if (fault === undefined) return;
    this.#failed += 1;
    if (this.#failures.length < FAILURES_KEPT) this.#failures.push(`${target.url}: ${fault}`);
  }
}

/** What is wrong with one request, or undefined. */
async function outcome(target: Target, agent: Agent): Promise<string | undefined> {
  const { status, body } = await ask(target.url, agent);
  return status === 200 ? target.fault?.(body) : `answered ${status}`;
}

function ask(url: string, agent: Agent): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout: TIMEOUT_MS }, (answer: IncomingMessage) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => {
        body += piece;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
      answer.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)));
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (request.reusedSocket && error.code === 'ECONNRESET') ask(url, new Agent()).then(resolve, reject);
      else reject(error);
    });
  });
}
