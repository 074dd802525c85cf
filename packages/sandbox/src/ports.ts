import { createServer } from 'node:net';
import type { PortRange } from './plan.ts';

/** Each cell has a block of this many ports on 127.0.0.1. */
const BLOCK = 100;
/** Below Linux's ports for outgoing connections (32768 and up) and Kubernetes' usual node ports. */
const RANGE: PortRange = { first: 20_000, last: 29_999 };

/** The ports of one cell. */
export interface PortBlock {
  /** The API server of a cluster's cell; the registry of the services' cell. */
  readonly main: number;
  /** The ports that Services of type NodePort get; they answer on the machine under the same number. */
  readonly nodePorts: PortRange;
}

/**
 * Every block in the order in which a cell tries them. The first follows from the names, so that
 * a sandbox that is made anew gets the ports it had, unless someone else has them.
 */
export function* portBlocks(sandbox: string, cell: string): Generator<PortBlock> {
  const blocks = Math.floor((RANGE.last - RANGE.first + 1) / BLOCK);
  let hash = 0;
  for (const character of `${sandbox}/${cell}`) {
    hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  }
  for (let tried = 0; tried < blocks; tried++) {
    const main = RANGE.first + ((hash + tried) % blocks) * BLOCK;
    yield { main, nodePorts: { first: main + BLOCK / 2, last: main + BLOCK - 1 } };
  }
}

/** Every port of a range, ascending. */
export function portsOf(range: PortRange): number[] {
  return Array.from({ length: range.last - range.first + 1 }, (_, index) => range.first + index);
}

/** Whether nobody listens on any of these ports of 127.0.0.1 at this moment. */
export async function areFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) {
    if (!(await isFree(port))) {
      return false;
    }
  }
  return true;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
