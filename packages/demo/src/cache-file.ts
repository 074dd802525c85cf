import { homedir } from 'node:os';
import { join } from 'node:path';

/** A file in the folder that outlives runs. */
export function cacheFile(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'deploy-actions', name);
}
