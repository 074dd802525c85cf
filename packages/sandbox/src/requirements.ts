import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

/** Compiling Kubernetes and two clusters with some pods stay well below this; in bytes. */
const MEMORY = 4 * 2 ** 30;

/** What the parts of one cluster open (measured: 19, of which the kubelet 6); a kubelet that gets none ends as it starts. */
const WATCHERS = 20;

/** What the checks look at. */
export interface Machine {
  readonly platform: string;
  readonly isRoot: boolean;
  readonly hasMemoryCgroup: boolean;
  /** Bytes that programs could take without swapping. */
  readonly availableMemory: number;
  /** inotify instances that this user may still open. */
  readonly freeWatchers: number;
  /** Null when a process can have namespaces of its own, otherwise what the system said. */
  readonly namespaceFault: string | null;
}

/** What this machine lacks to start so many clusters more: one sentence each, with what to do. */
export function missingRequirements(machine: Machine, clusters: number): string[] {
  if (machine.platform !== 'linux') {
    return [
      `this is ${machine.platform}, and containers need Linux: use a Linux machine, or --context with a cluster you have`,
    ];
  }
  const missing: string[] = [];
  if (!machine.isRoot) {
    missing.push(
      'not root: run it as root, as with sudo --preserve-env=PATH, or use --context with a cluster you have',
    );
  }
  if (!machine.hasMemoryCgroup) {
    missing.push(
      'no cgroups: mount them at /sys/fs/cgroup with the memory controller on (in a container: --privileged)',
    );
  }
  if (machine.availableMemory < MEMORY) {
    const free = (machine.availableMemory / 2 ** 30).toFixed(1);
    missing.push(`too little memory: ${free} GiB are free, 4 are needed: end other programs or take a larger machine`);
  }
  const watchers = WATCHERS * clusters;
  if (machine.freeWatchers < watchers) {
    missing.push(
      `too few inotify instances: ${machine.freeWatchers} are free, ${watchers} are needed: end other sandboxes, or run sysctl fs.inotify.max_user_instances=512`,
    );
  }
  if (machine.isRoot && machine.namespaceFault) {
    missing.push(`no namespaces: "${machine.namespaceFault}" (in a container: --privileged)`);
  }
  return missing;
}

/** @throws Error naming everything that this machine lacks. */
export function checkRequirements(clusters: number): void {
  const missing = missingRequirements(observeMachine(), clusters);
  if (missing.length > 0) {
    throw new Error(
      ['this machine cannot hold a sandbox:', ...missing.map((sentence) => `  - ${sentence}`)].join('\n'),
    );
  }
}

function observeMachine(): Machine {
  const isLinux = process.platform === 'linux';
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    hasMemoryCgroup: isLinux && hasMemoryCgroup(),
    availableMemory: isLinux ? availableMemory() : 0,
    freeWatchers: isLinux ? freeWatchers() : 0,
    namespaceFault: isLinux ? namespaceFault() : null,
  };
}

function hasMemoryCgroup(): boolean {
  const unified = '/sys/fs/cgroup/cgroup.controllers';
  return existsSync(unified)
    ? readFileSync(unified, 'utf8').split(/\s+/).includes('memory')
    : existsSync('/sys/fs/cgroup/memory/tasks');
}

function availableMemory(): number {
  const [, kilobytes] = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
  return Number(kilobytes ?? 0) * 1024;
}

/** The kernel tells the limit and not what is used of it, so every program's open files are looked through. */
function freeWatchers(): number {
  const limit = Number(readFileSync('/proc/sys/fs/inotify/max_user_instances', 'utf8'));
  const open = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(openWatchers);
  return limit - open.length;
}

function openWatchers(pid: string): string[] {
  try {
    if (statSync(`/proc/${pid}`).uid !== process.getuid?.()) return [];
    return readdirSync(`/proc/${pid}/fd`).filter(
      (fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === 'anon_inode:inotify',
    );
  } catch {
    // It ended meanwhile.
    return [];
  }
}

function namespaceFault(): string | null {
  try {
    execFileSync('unshare', ['--net', '--mount', '--pid', '--fork', 'true'], { stdio: ['ignore', 'ignore', 'pipe'] });
    return null;
  } catch (error) {
    return (error as { stderr?: Buffer }).stderr?.toString().trim() || (error as Error).message;
  }
}
