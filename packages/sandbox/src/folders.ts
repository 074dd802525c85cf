import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the sandbox's own state folder is called inside each of its cells. */
export const INSIDE = '/run/sandbox';

/** A sandbox's name is part of paths, cgroups and host names. */
const NAME = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

/** The folder of what is made once and used by every sandbox: programs and base images. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'deploy-actions');
}

/** The folder that holds one folder a sandbox. */
export function statesFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'deploy-actions', 'sandbox');
}

/**
 * The folder of everything that belongs to the sandbox called `name`; `down` removes it.
 * @throws Error when the name could not be a host name or a folder.
 */
export function stateFolder(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  return join(statesFolder(environment), checkedName(name));
}

/** @throws Error when `name` could not be a host name or a folder. */
export function checkedName(name: string): string {
  if (!NAME.test(name)) {
    throw new Error(`"${name}" cannot name a sandbox or a cluster: use at most 32 of a-z, 0-9 and -, as in "staging"`);
  }
  return name;
}
