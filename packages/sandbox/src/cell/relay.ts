import type { CellPlan, Part } from '../plan.ts';

/** A part that also inherits descriptors, as its descriptors 3 and up. */
export interface RelayPart extends Part {
  readonly descriptors: readonly number[];
}

/**
 * The relay of a cell: it accepts on the sockets that were made outside of the cell, and on the
 * cell's own ports for what other cells offer.
 * @param published `ADDRESS=FD,…` as the publish program sets it.
 */
export function relay(plan: CellPlan, published: string): RelayPart {
  const sockets = parsePublished(published);
  const inherited = plan.published.map(({ port, to }, index) => {
    const descriptor = sockets.get(port);
    if (descriptor === undefined) {
      throw new Error(`port ${port} was not published for the cell "${plan.cell}"`);
    }
    return { descriptor, route: `fd:${3 + index}=${to}` };
  });
  const imported = plan.imported.map(({ port, to }) => `tcp:127.0.0.1:${port}=${to}`);
  return {
    name: 'relay',
    command: [`${plan.programs}/relay`, ...inherited.map(({ route }) => route), ...imported],
    after: [],
    ready: plan.imported[0] ? { kind: 'port', port: plan.imported[0].port } : { kind: 'none' },
    files: {},
    descriptors: inherited.map(({ descriptor }) => descriptor),
  };
}

/** `127.0.0.1:20000=7,…` → port → descriptor. */
function parsePublished(published: string): Map<number, number> {
  return new Map(
    published
      .split(',')
      .filter(Boolean)
      .map((entry): [number, number] => {
        const [, port, descriptor] = /:(\d+)=(\d+)$/.exec(entry) ?? [];
        return [Number(port), Number(descriptor)];
      }),
  );
}
