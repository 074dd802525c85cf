import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { failureOf } from '../test/failure-of.ts';
import { CancelledError, CommandError } from './errors.ts';
import type { Log } from './log.ts';
import { createPrograms, type Programs } from './programs.ts';
import { createRedactor } from './redact.ts';
import { Secret } from './secret.ts';

const folder = await mkdtemp(join(tmpdir(), 'programs-'));
afterAll(() => rm(folder, { recursive: true }));

/** A gateway whose log is kept. */
function gateway(
  env: Readonly<Record<string, string>> = {},
  signal = new AbortController().signal,
): Programs & { readonly lines: string[] } {
  const lines: string[] = [];
  const redactor = createRedactor();
  redactor.add('hunter2');
  const keep = (line: string) => lines.push(redactor.redact(line));
  const log: Log = { info: keep, notice: keep, warning: keep, error: keep, debug: keep, group: (_, work) => work() };
  return { ...createPrograms({ env: { PATH: process.env.PATH, ...env }, signal, log, redactor }), lines };
}

/** Runs JavaScript in a process of its own. */
const script = (code: string) => ['-e', code] as const;

describe('run', () => {
  it('returns what the program wrote, and logs it line by line, redacted', async () => {
    const programs = gateway();
    const seen: string[] = [];
    const result = await programs.run('node', script("console.log('one\\ntwo hunter2'); console.error('three')"), {
      onLine: (line, stream) => seen.push(`${stream}: ${line}`),
    });
    expect(result).toEqual({ exitCode: 0, stdout: 'one\ntwo hunter2\n', stderr: 'three\n' });
    expect(programs.lines.toSorted()).toEqual(['one', 'three', 'two ***']);
    expect(seen.toSorted()).toEqual(['stderr: three', 'stdout: one', 'stdout: two hunter2']);
  });

  it('logs nothing when quiet', async () => {
    const programs = gateway();
    expect((await programs.run('node', script("console.log('x')"), { quiet: true })).stdout).toBe('x\n');
    expect(programs.lines).toEqual([]);
  });

  it('never goes through a shell', async () => {
    const odd = '$(id) `id` ; id > x * "\' \\';
    const { stdout } = await gateway().run('node', [...script('console.log(process.argv[1])'), odd]);
    expect(stdout).toBe(`${odd}\n`);
  });

  it('gives secrets by environment and standard input', async () => {
    const code =
      "process.stdin.on('data', (data) => console.log(process.env.WORD === String(data).trim() ? 'same' : 'other'))";
    const { stdout } = await gateway().run('node', script(code), {
      env: { WORD: new Secret('hunter2') },
      input: new Secret('hunter2\n'),
      quiet: true,
    });
    expect(stdout).toBe('same\n');
  });

  it('gives the step’s environment without its inputs, and takes away what is undefined', async () => {
    const programs = gateway({ KEPT: '1', GONE: '1', INPUT_PASSWORD: 'hunter2' });
    const { stdout } = await programs.run('node', script('console.log(Object.keys(process.env).join())'), {
      env: { GONE: undefined, NEW: '1' },
    });
    const names = stdout.trim().split(',');
    expect(names).toContain('KEPT');
    expect(names).toContain('NEW');
    expect(names).not.toContain('GONE');
    expect(names).not.toContain('INPUT_PASSWORD');
  });

  it('has an empty standard input unless one is given', async () => {
    const { stdout } = await gateway().run(
      'node',
      script("process.stdin.on('end', () => console.log('end')).resume()"),
    );
    expect(stdout).toBe('end\n');
  });

  it('fails with the exit code and the last 20 lines, redacted', async () => {
    const error = await failureOf(
      gateway().run(
        'node',
        script(
          "for (let i = 1; i <= 30; i++) console.error('line ' + i); console.error('hunter2 is wrong'); process.exit(3)",
        ),
        { quiet: true },
      ),
    );
    expect(error).toBeInstanceOf(CommandError);
    expect(error).toMatchObject({ reason: 'error-tool', message: 'node exited with 3: *** is wrong', exitCode: 3 });
    if (error instanceof CommandError)
      expect([error.output.length, error.output[0], error.output.at(-1)]).toEqual([20, 'line 12', '*** is wrong']);
  });

  it('keeps what a quiet program printed for us out of its error', async () => {
    const told = "console.log('a token that nobody knows yet'); console.error('expired'); process.exit(1)";
    expect(await failureOf(gateway().run('node', script(told), { quiet: true }))).toMatchObject({
      message: 'node exited with 1: expired',
      output: ['expired'],
    });
  });

  it('takes other exit codes as told', async () => {
    expect((await gateway().run('node', script('process.exit(1)'), { accept: [0, 1] })).exitCode).toBe(1);
  });

  it('names a program that is missing, and how to get it', async () => {
    const error = await failureOf(gateway().run('no-such-program', [], { getItBy: 'use action X first' }));
    expect(error).toMatchObject({
      reason: 'error-tool',
      message: expect.stringContaining('no-such-program is not installed'),
      hint: 'use action X first',
    });
  });

  it('tells a missing working folder from a missing program', async () => {
    const error = await failureOf(gateway().run('node', [], { cwd: join(folder, 'nowhere') }));
    expect(error).toMatchObject({ reason: 'error-tool', message: expect.stringContaining('its working folder') });
  });

  it('names a file that may not be run', async () => {
    const file = join(folder, 'plain.txt');
    await writeFile(file, 'x', { mode: 0o600 });
    expect(await failureOf(gateway().run(file, []))).toMatchObject({
      reason: 'error-tool',
      message: expect.stringContaining('may not be run'),
    });
  });

  it('says that a program was ended by a signal', async () => {
    expect(await failureOf(gateway().run('node', script("process.kill(process.pid, 'SIGKILL')")))).toMatchObject({
      message: 'node was ended by SIGKILL',
    });
  });

  it('ends the program when the step is aborted, with the step’s reason', async () => {
    const controller = new AbortController();
    const programs = gateway({}, controller.signal);
    const file = join(folder, 'pid');
    const running = failureOf(
      programs.run(
        'node',
        script(
          `require('fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); setTimeout(() => {}, 60000); console.log('up')`,
        ),
        { onLine: () => controller.abort(new CancelledError()) },
      ),
    );
    expect(await running).toBeInstanceOf(CancelledError);
    const pid = Number(readFileSync(file, 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(await failureOf(programs.run('node', script('')))).toBeInstanceOf(CancelledError);
  });

  it('runs what must be done after the abort on a signal of its own', async () => {
    const programs = gateway({}, AbortSignal.abort(new CancelledError()));
    expect(
      (await programs.run('node', script("console.log('put away')"), { signal: new AbortController().signal })).stdout,
    ).toBe('put away\n');
  });

  it('kills a program that does not heed SIGTERM', async () => {
    const code = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')";
    const controller = new AbortController();
    const begun = performance.now();
    const running = failureOf(
      gateway({}, controller.signal).run('node', script(code), {
        onLine: () => controller.abort(new CancelledError()),
      }),
    );
    expect(await running).toBeInstanceOf(CancelledError);
    expect(performance.now() - begun).toBeGreaterThan(2_500);
  }, 15_000);

  it('says that a program took longer than it was given', async () => {
    expect(
      await failureOf(gateway().run('node', script('setTimeout(() => {}, 60000)'), { timeoutMs: 300 })),
    ).toMatchObject({
      reason: 'error-tool',
      message: 'node did not end within 0.3 s',
    });
  });

  it('passes on many megabytes whole', async () => {
    const { stdout } = await gateway().run(
      'node',
      script("process.stdout.write(('x'.repeat(99) + '\\n').repeat(200000))"),
      { quiet: true },
    );
    expect(stdout.length).toBe(20_000_000);
  }, 30_000);
});

describe('which', () => {
  it('finds a program or does not', async () => {
    expect(await gateway().which('node')).toMatch(/\/node$/);
    expect(await gateway().which('no-such-program')).toBeUndefined();
  });
});
