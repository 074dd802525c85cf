import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where tools are kept between runs: `deploy-actions` in the user's cache folder (XDG Base Directory Specification). */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'deploy-actions');
