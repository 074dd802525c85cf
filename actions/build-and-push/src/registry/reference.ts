/** An image's name taken apart as the distribution project does it. */
export interface Reference {
  /** `docker.io`, `ghcr.io`, `localhost:5000`. */
  readonly host: string;
  /** Path in the registry, `library/nginx`, `acme/shop-api`. */
  readonly path: string;
  /** As the user wrote it, without tag and digest, in lower case: `nginx`, `ghcr.io/acme/shop-api`. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const PATH = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[\w][\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * Parses `[host[:port]/]path[:tag][@digest]`; the name is put in lower case, as metadata-action does. Undefined: no image's name.
 * Grammar: https://pkg.go.dev/github.com/distribution/reference
 */
export function parseReference(text: string): Reference | undefined {
  const [named = '', digest, ...more] = text.trim().split('@');
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  const repository = (tagged ? named.slice(0, colon) : named).toLowerCase();
  const tag = tagged ? named.slice(colon + 1) : undefined;
  const slash = repository.indexOf('/');
  const first = slash < 0 ? '' : repository.slice(0, slash);
  const hasHost = first === 'localhost' || /[.:]/.test(first);
  const host = hasHost ? first : 'docker.io';
  const rest = hasHost ? repository.slice(slash + 1) : repository;
  const path = host === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  const sound =
    more.length === 0 &&
    PATH.test(path) &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest));
  return sound ? { host, path, repository, tag, digest } : undefined;
}

/** True for the hosts that docker itself speaks plain http to: the machine's own. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(host);
}
