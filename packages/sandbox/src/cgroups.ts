import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
/** What a kubelet wants to limit of its pods. */
const CONTROLLERS = ['cpuset', 'cpu', 'memory', 'pids'];

/** The cgroup below which a sandbox keeps its own, as a path from the root of each hierarchy. */
export function sandboxCgroup(sandbox: string): string {
  return `/deploy-actions-sandbox/${sandbox}`;
}

/** Makes a cgroup in every hierarchy: the kubelet takes only one that is there. */
export function makeCgroup(path: string): void {
  for (const hierarchy of hierarchies()) {
    mkdirSync(join(hierarchy, path), { recursive: true });
  }
  if (isUnified()) {
    delegate(path);
  }
}

/** In the unified hierarchy a cgroup has only the controllers that every one above it passes on. */
function delegate(path: string): void {
  let folder = ROOT;
  for (const part of path.split('/')) {
    folder = join(folder, part);
    const offered = readFileSync(join(folder, 'cgroup.controllers'), 'utf8').split(/\s+/);
    const wanted = CONTROLLERS.filter((controller) => offered.includes(controller));
    writeFileSync(join(folder, 'cgroup.subtree_control'), wanted.map((controller) => `+${controller}`).join(' '));
  }
}

/** Removes a cgroup and all below it; no process may be left in them. */
export function removeCgroup(path: string): void {
  for (const hierarchy of hierarchies()) {
    removeTree(join(hierarchy, path));
  }
}

/** Removes a cgroup that has none below it; leaves it alone otherwise. */
export function removeIfEmpty(path: string): void {
  for (const folder of hierarchies().map((hierarchy) => join(hierarchy, path))) {
    try {
      rmdirSync(folder);
    } catch {
      // Another sandbox's are below it, or it is gone.
    }
  }
}

/** The kernel's files in a cgroup go with it: only folders are removed, the innermost first. */
function removeTree(folder: string): void {
  if (!existsSync(folder)) {
    return;
  }
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      removeTree(join(folder, entry.name));
    }
  }
  rmdirSync(folder);
}

function isUnified(): boolean {
  return existsSync(join(ROOT, 'cgroup.controllers'));
}

/** The mount points of all hierarchies: the one of version 2, or those of version 1. */
function hierarchies(): string[] {
  if (isUnified()) {
    return [ROOT];
  }
  if (!existsSync(ROOT)) {
    return [];
  }
  const seen = new Set<number>();
  return readdirSync(ROOT)
    .map((name) => join(ROOT, name))
    .filter((folder) => {
      // cpu and cpuacct may be two names of one hierarchy; each hierarchy is a device of its own.
      const { dev } = statSync(folder);
      return dev !== statSync(ROOT).dev && !seen.has(dev) && seen.add(dev);
    });
}
