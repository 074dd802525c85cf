import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cellProcess } from '../src/cell/host.ts';
import { readStatus } from '../src/cell/status.ts';
import { stateFolder } from '../src/folders.ts';
import { clusterOf, connect, down, type Sandbox, status, up } from '../src/index.ts';
import { areFree, portsOf } from '../src/ports.ts';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const [FIRST, SECOND] = ['lifecycle-a', 'lifecycle-b'];
let first: Sandbox;
let second: Sandbox;

beforeAll(async () => {
  [first, second] = await Promise.all([up({ name: FIRST }), up({ name: SECOND })]);
});

afterAll(async () => {
  await Promise.all([down(FIRST), down(SECOND)]);
});

test('two sandboxes side by side share no port', () => {
  expect(portsUsed(first).filter((port) => portsUsed(second).includes(port))).toEqual([]);
});

test('up of what is up changes nothing', async () => {
  const holder = cellProcess(first.folder, 'main');
  const startedAt = readFileSync(join(first.folder, 'cells/main/status.json'), 'utf8');
  expect(await up({ name: FIRST })).toEqual(first);
  expect(cellProcess(first.folder, 'main')).toBe(holder);
  expect(readFileSync(join(first.folder, 'cells/main/status.json'), 'utf8')).toBe(startedAt);
});

test('up adds a cluster to those that are there', async () => {
  const holder = cellProcess(second.folder, 'main');
  second = await up({ name: SECOND, clusters: ['main', 'other'] });
  expect(second.clusters.map(({ name }) => name)).toEqual(['main', 'other']);
  expect(cellProcess(second.folder, 'main')).toBe(holder);
});

test('a part that dies is named with its last lines, and up makes the sandbox anew', async () => {
  process.kill(await outerPid(first.folder, 'kube-scheduler'), 'SIGKILL');
  await expect.poll(async () => (await status(FIRST)).get('main')?.state).toBe('failed');
  expect(() => connect(FIRST)).toThrow(
    /kube-scheduler of the cell "main" was killed by SIGKILL\. Its last lines:\n {4}\S/,
  );
  expect((await status(SECOND)).get('main')).toEqual({ state: 'ready' });

  first = await up({ name: FIRST });
  expect(await status(FIRST)).toEqual(
    new Map([
      ['main', { state: 'ready' }],
      ['services', { state: 'ready' }],
    ]),
  );
});

test('a part that cannot start fails up with its last lines', async () => {
  // The cluster's certificates are whole when its plan is on file; an API server without its key cannot start.
  const name = 'lifecycle-c';
  const broken = join(stateFolder(name), 'clusters/main/pki/api-server.key');
  const started = up({ name });
  const failure = expect(started).rejects.toThrow(
    /kube-apiserver of the cell "main" exited with status 1[\s\S]*api-server\.key/,
  );
  await expect
    .poll(() => existsSync(join(stateFolder(name), 'cells/main')), { timeout: 30_000, interval: 1 })
    .toBe(true);
  execFileSync('rm', ['-f', broken]);
  await failure;
  await down(name);
});

test('what a killed up left is finished by the next one', async () => {
  await down(FIRST);
  const killed = spawn(process.execPath, [CLI, 'up', '--name', FIRST], { stdio: 'ignore' });
  await expect.poll(() => readStatus(stateFolder(FIRST), 'main'), { timeout: 60_000, interval: 10 }).not.toBeNull();
  killed.kill('SIGKILL');
  first = await up({ name: FIRST });
  expect((await status(FIRST)).get('main')).toEqual({ state: 'ready' });
});

test('down leaves no process, no mount, no cgroup, no port and no file', async () => {
  const ports = portsUsed(first);
  expect(await areFree(ports.slice(0, 1))).toBe(false);
  expect(processesOf(first)).not.toEqual([]);
  expect(cgroupsOf(FIRST)).not.toEqual([]);

  expect(await down(FIRST)).toBe(true);
  expect(processesOf(first)).toEqual([]);
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(first.folder);
  expect(cgroupsOf(FIRST)).toEqual([]);
  expect(await areFree(ports)).toBe(true);
  expect(existsSync(first.folder)).toBe(false);
  expect(await down(FIRST)).toBe(false);
  expect((await status(SECOND)).get('main')).toEqual({ state: 'ready' });
});

test('an up that is killed before anything runs leaves nothing that down cannot remove', async () => {
  const killed = spawn(process.execPath, [CLI, 'up', '--name', FIRST], { stdio: 'ignore' });
  await expect.poll(() => existsSync(stateFolder(FIRST)), { timeout: 30_000, interval: 1 }).toBe(true);
  killed.kill('SIGKILL');
  await sleep(100);
  await down(FIRST);
  expect(existsSync(stateFolder(FIRST))).toBe(false);
  expect(processesOf(first)).toEqual([]);
});

function portsUsed(sandbox: Sandbox): number[] {
  const { server, nodePorts } = clusterOf(sandbox, 'main');
  return [
    Number(new URL(server).port),
    Number(sandbox.registry.split(':')[1]),
    ...(nodePorts ? portsOf(nodePorts) : []),
  ];
}

/** Every process below the sandbox's cells, whatever it is: they all see the sandbox's folder as a mount. */
function processesOf(sandbox: Sandbox): string[] {
  return readdirSync('/proc').filter((entry) => {
    try {
      return (
        /^\d+$/.test(entry) &&
        readFileSync(`/proc/${entry}/mountinfo`, 'utf8').includes(`${sandbox.folder} /run/sandbox`)
      );
    } catch {
      return false;
    }
  });
}

/** The number outside of the cell of one of its programs. */
async function outerPid(folder: string, program: string): Promise<number> {
  const inside = readStatus(folder, 'main')?.parts[program];
  const pid = inside?.state === 'ready' ? inside.pid : 0;
  const first = Number(
    readFileSync(`/proc/${cellProcess(folder, 'main')}/task/${cellProcess(folder, 'main')}/children`, 'utf8'),
  );
  const namespace = execFileSync('readlink', [`/proc/${first}/ns/pid`], { encoding: 'utf8' });
  const found = readdirSync('/proc').find((entry) => {
    try {
      const [, numbers] = /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${entry}/status`, 'utf8')) ?? [];
      const isInside = numbers?.split('\t').at(-1) === String(pid);
      return isInside && execFileSync('readlink', [`/proc/${entry}/ns/pid`], { encoding: 'utf8' }) === namespace;
    } catch {
      return false;
    }
  });
  return Number(found);
}

function cgroupsOf(name: string): string[] {
  return readdirSync('/sys/fs/cgroup')
    .map((hierarchy) => join('/sys/fs/cgroup', hierarchy, 'deploy-actions-sandbox', name))
    .filter((folder) => existsSync(folder));
}
