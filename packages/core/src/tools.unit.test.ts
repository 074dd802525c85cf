import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../test/failure-of.ts';
import { ActionError, CancelledError } from './errors.ts';
import type { Log } from './log.ts';
import { readRunner } from './runner.ts';
import { installTool, mirrored, type PinnedTool, type ToolDownload } from './tools.ts';

const here = `${process.platform}/${process.arch}`;
const folder = mkdtempSync(join(tmpdir(), 'tools-'));
const served = join(folder, 'served');
const program = '#!/bin/sh\necho I am a tool\n';
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  if (request.url === '/hangs') return;
  try {
    response.end(readFileSync(join(served, request.url ?? '')));
  } catch {
    response.writeHead(404).end();
  }
});
let base = '';
let temp = '';
let count = 0;

beforeAll(async () => {
  mkdirSync(join(served, 'tool-1'), { recursive: true });
  writeFileSync(join(served, 'tool'), program);
  writeFileSync(join(served, 'tool-1/tool'), program);
  execFileSync('tar', ['-czf', join(served, 'tool.tar.gz'), '-C', served, 'tool-1']);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  count += 1;
  temp = join(folder, `temp-${count}`);
  mkdirSync(temp);
  process.env.RUNNER_TEMP = temp;
  process.env.RUNNER_TOOL_CACHE = join(temp, 'cache');
  asked.length = 0;
});

const quiet = () => {};
const log: Log = { info: quiet, notice: quiet, warning: quiet, error: quiet, debug: quiet, group: (_, work) => work() };
const sumOf = (file: string) =>
  createHash('sha256')
    .update(readFileSync(join(served, file)))
    .digest('hex');
const pinned = (download: ToolDownload): PinnedTool => ({
  name: 'tool',
  version: '1.2.3',
  platforms: { [here]: download },
});
const install = (tool: PinnedTool, env: Readonly<Record<string, string>> = {}, signal = new AbortController().signal) =>
  installTool(tool, { env, runner: readRunner({ RUNNER_TEMP: temp }), signal, log });
const run = (path: string) => execFileSync(path, { encoding: 'utf8' });
/** Files that lie in the runner's temporary folder, the cache's aside. */
const leftOver = () => readdirSync(temp).filter((name) => name !== 'cache');

describe('installTool', () => {
  it('gets a bare program, and the next time takes it from the cache', async () => {
    const tool = pinned({ url: `${base}/tool`, sha256: sumOf('tool'), archive: 'none' });
    const path = await install(tool);
    expect([run(path), statSync(path).mode & 0o777]).toEqual(['I am a tool\n', 0o755]);
    expect(await install(tool)).toBe(path);
    expect(asked).toEqual(['/tool']);
    expect(leftOver()).toEqual([]);
  });

  it('gets a program out of an archive', async () => {
    const path = await install(
      pinned({ url: `${base}/tool.tar.gz`, sha256: sumOf('tool.tar.gz'), archive: 'tar.gz', member: 'tool-1/tool' }),
    );
    expect(run(path)).toBe('I am a tool\n');
    expect(leftOver()).toEqual([]);
  });

  it('has a cache outside of a runner too', async () => {
    delete process.env.RUNNER_TOOL_CACHE;
    expect(await install(pinned({ url: `${base}/tool`, sha256: sumOf('tool'), archive: 'none' }))).toContain(
      join(temp, 'tool-cache'),
    );
  });

  it('refuses another checksum before anything is unpacked, and keeps nothing', async () => {
    const error = await failureOf(
      install(pinned({ url: `${base}/tool.tar.gz`, sha256: 'a'.repeat(64), archive: 'tar.gz' })),
    );
    expect(error).toBeInstanceOf(ActionError);
    expect(error).toMatchObject({
      reason: 'error-tool',
      message: expect.stringMatching(new RegExp(`${sumOf('tool.tar.gz')}, not the pinned ${'a'.repeat(64)}`)),
    });
    expect(leftOver()).toEqual([]);
    expect(() => readdirSync(join(temp, 'cache', 'tool'))).toThrow('ENOENT');
  });

  it('asks the mirror in place of the origin', async () => {
    const tool = pinned({ url: 'https://releases.invalid/tool', sha256: sumOf('tool'), archive: 'none' });
    await install(tool, { DEPLOY_ACTIONS_MIRROR: `${base}/` });
    expect(asked).toEqual(['/tool']);
  });

  it('refuses a mirror that is no address, without quoting it', async () => {
    const tool = pinned({ url: `${base}/tool`, sha256: sumOf('tool'), archive: 'none' });
    expect(await failureOf(install(tool, { DEPLOY_ACTIONS_MIRROR: 'http://ann:hunter2@mir ror' }))).toMatchObject({
      reason: 'error-input',
      message: 'the environment variable DEPLOY_ACTIONS_MIRROR is no address',
    });
  });

  it('names what cannot be fetched', async () => {
    expect(
      await failureOf(install(pinned({ url: `${base}/nowhere`, sha256: 'a'.repeat(64), archive: 'none' }))),
    ).toMatchObject({
      reason: 'error-network',
      message: expect.stringContaining('404'),
      hint: expect.stringContaining('DEPLOY_ACTIONS_MIRROR'),
    });
  });

  it('names the platforms there are', async () => {
    const tool: PinnedTool = {
      name: 'tool',
      version: '1',
      platforms: { 'plan9/mips': { url: '', sha256: '', archive: 'none' } },
    };
    expect(await failureOf(install(tool))).toMatchObject({
      reason: 'error-tool',
      message: `there is no tool 1 for ${here}`,
      hint: 'run the job on plan9/mips',
    });
  });

  it('does not wait for a download when the step is aborted', async () => {
    const controller = new AbortController();
    const waiting = failureOf(
      install(pinned({ url: `${base}/hangs`, sha256: '', archive: 'none' }), {}, controller.signal),
    );
    setTimeout(() => controller.abort(new CancelledError()), 50);
    expect(await waiting).toBeInstanceOf(CancelledError);
  });
});

describe('mirrored', () => {
  it.each([
    ['https://a.example/x/y?z', undefined, 'https://a.example/x/y?z'],
    ['https://a.example/x/y?z', ' ', 'https://a.example/x/y?z'],
    ['https://a.example/x/y?z', 'http://mirror:8080', 'http://mirror:8080/x/y?z'],
    ['https://a.example/x', 'https://mirror/files/', 'https://mirror/files/x'],
  ])('%s by %j is %s', (url, mirror, expected) => {
    expect(mirrored(url, mirror)).toBe(expected);
  });
});
