import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** After SIGINT the runner waits 7.5 s, sends SIGTERM, waits 2.5 s and kills (actions/runner, ProcessInvoker). In ms from SIGINT. */
export const TERMINATE_AFTER_MS = 7_500;
const FORCE_AFTER_MS = 10_000;

const LOOK_AT_CHILDREN_EVERY_MS = 25;
/** A program left behind may hold our pipes open; the step has ended all the same. */
const PIPES_MAY_STAY_OPEN_MS = 3_000;

export interface ProcessResult {
  /** 1 where a signal ended it, as the runner reports it. */
  readonly exitCode: number;
  /** The last signal that the cancel sequence had to send; undefined when it was not cancelled. */
  readonly cancelledBy: 'SIGINT' | 'SIGTERM' | 'SIGKILL' | undefined;
  readonly seconds: number;
  /** From the cancel to the end; undefined when it was not cancelled. */
  readonly secondsAfterCancel: number | undefined;
  /** Command lines of the programs it started, as anyone on the machine could see them; looked at 40 times a second. */
  readonly commandLines: readonly string[];
}

/** Starts a program with exactly `env`; `cancel` sets off the runner's sequence of signals. */
export async function runProcess(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string>; onLine(line: string): void; cancel: AbortSignal },
): Promise<ProcessResult> {
  const started = performance.now();
  const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number>((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => done(code ?? 1));
    // 'exit' alone would lose the last lines, which may still be in the pipes.
    child.once('exit', (code) => setTimeout(() => done(code ?? 1), PIPES_MAY_STAY_OPEN_MS).unref());
  });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', options.onLine);
  const watch = watchChildren(child);
  const cancel = cancelSequence(child, options.cancel);
  try {
    const exitCode = await ended;
    const now = performance.now();
    return {
      exitCode,
      cancelledBy: cancel.last,
      seconds: (now - started) / 1000,
      secondsAfterCancel: cancel.since === undefined ? undefined : (now - cancel.since) / 1000,
      commandLines: [...watch.seen],
    };
  } finally {
    cancel.stop();
    watch.stop();
  }
}

function cancelSequence(child: ChildProcess, cancelled: AbortSignal) {
  const timers: NodeJS.Timeout[] = [];
  const sequence = {
    last: undefined as ProcessResult['cancelledBy'],
    since: undefined as number | undefined,
    stop() {
      cancelled.removeEventListener('abort', begin);
      for (const timer of timers) clearTimeout(timer);
    },
  };
  function send(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL') {
    sequence.last = signal;
    child.kill(signal);
  }
  function begin() {
    sequence.since = performance.now();
    send('SIGINT');
    timers.push(
      setTimeout(() => send('SIGTERM'), TERMINATE_AFTER_MS),
      setTimeout(() => send('SIGKILL'), FORCE_AFTER_MS),
    );
  }
  if (cancelled.aborted) begin();
  else cancelled.addEventListener('abort', begin, { once: true });
  return sequence;
}

function watchChildren(child: ChildProcess) {
  const seen = new Set<string>();
  const watching = new AbortController();
  void (async () => {
    while (!watching.signal.aborted && child.pid !== undefined) {
      for (const pid of await descendants(child.pid)) {
        const line = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim();
        if (line !== '') seen.add(line);
      }
      await sleep(LOOK_AT_CHILDREN_EVERY_MS, undefined, { ref: false });
    }
  })();
  return { seen, stop: () => watching.abort() };
}

async function descendants(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = text.split(' ').filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}
