import { stringify } from 'yaml';
import { INSIDE } from '../folders.ts';
import type { Part } from '../plan.ts';

/** Where the registry listens: a socket file, which every cell of the sandbox can reach. */
export const REGISTRY_SOCKET = `${INSIDE}/services/registry.sock`;
/** The registry's data below the sandbox's state folder. */
export const REGISTRY_DATA = 'services/registry';

/** The image registry of the sandbox. */
export function registry(): Part {
  return {
    name: 'registry',
    command: ['docker-registry', 'serve', `${INSIDE}/services/registry.yaml`],
    after: [],
    ready: { kind: 'socket', path: REGISTRY_SOCKET },
    files: {
      'services/registry.yaml': stringify(
        registryConfig(`${INSIDE}/${REGISTRY_DATA}`, { net: 'unix', addr: REGISTRY_SOCKET }),
      ),
    },
  };
}

/** The registry's configuration for data in `folder`. */
export function registryConfig(folder: string, http: { readonly net: 'unix' | 'tcp'; readonly addr: string }): object {
  return {
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: folder },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http,
  };
}
