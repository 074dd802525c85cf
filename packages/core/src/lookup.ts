import { type LookupAddress, lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';

const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/**
 * Resolves names for sockets as node does, but `localhost` to both loopback addresses (RFC 6761) whatever /etc/hosts has: a server that
 * listens on one of them alone is found, since node tries all that a name resolves to.
 */
export const lookup: LookupFunction = (name, options, callback) => {
  if (name !== 'localhost') {
    resolve(name, options, callback);
    return;
  }
  const wanted = LOOPBACK.filter(
    ({ family }) => !options.family || options.family === family || options.family === `IPv${family}`,
  );
  process.nextTick(() => {
    if (options.all === true) callback(null, [...wanted]);
    else callback(null, wanted[0]?.address ?? '127.0.0.1', wanted[0]?.family ?? 4);
  });
};
