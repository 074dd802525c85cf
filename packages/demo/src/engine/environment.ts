import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What a closed network needs to be told, whoever runs. */
const NETWORK = /^(https?_proxy|no_proxy|all_proxy|node_extra_ca_certs|ssl_cert_(file|dir)|lang|tz)$/i;

/**
 * The environment of the engine and of every step: a runner's, not this shell's. Credentials, kubeconfigs and settings of whoever
 * started it stay out; npm's settings and cache stay in, since packages come through them.
 * @param home the engine's own home folder.
 * @param programs folders that come first on the PATH.
 */
export function runnerEnvironment(
  home: string,
  programs: readonly string[],
  own: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const ownHome = own.HOME ?? homedir();
  const kept = Object.entries(own).filter(([name, value]) => value !== undefined && NETWORK.test(name));
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    PATH: [...programs, own.PATH ?? '/usr/local/bin:/usr/bin:/bin'].join(delimiter),
    HOME: home,
    npm_config_userconfig: own.npm_config_userconfig ?? join(ownHome, '.npmrc'),
    npm_config_cache: own.npm_config_cache ?? join(ownHome, '.npm'),
    npm_config_prefer_offline: 'true',
    // Where buildah builds: its other ways of isolating a step need control groups that a container or a small machine may not have.
    BUILDAH_ISOLATION: 'chroot',
    npm_config_fund: 'false',
    npm_config_audit: 'false',
  };
}
