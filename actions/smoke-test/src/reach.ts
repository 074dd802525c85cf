import { type Context, InputError } from '@deploy-actions/core';
import type { PortForward } from '@deploy-actions/kubernetes';
import type { Dispatcher } from 'undici';
import type { Check } from './checks/check.ts';
import type { Inputs } from './inputs.ts';

/** Where connections for a host in the cluster go instead. */
export interface Way {
  readonly host: string;
  readonly port: number;
  /** For requests: name, SNI and Host header stay the Service's. */
  readonly dispatcher: Dispatcher;
}

/** Ways to the Services that checks name; hosts outside of the cluster have none and are reached as they are. */
export interface Ways {
  /** Undefined for a host outside of the cluster. Throws as openPortForward: a Service may not be there yet. */
  to(host: string, port: number): Promise<Way | undefined>;
}

/** SERVICE.NAMESPACE.svc, with or without the cluster's own domain. */
function serviceOf(host: string): { readonly service: string; readonly namespace: string } | undefined {
  const [, service, namespace] = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?\.?$/.exec(host) ?? [];
  return service === undefined || namespace === undefined ? undefined : { service, namespace };
}

/** Hosts and ports of all checks. */
export function endOf(check: Check): { readonly host: string; readonly port: number } {
  if (check.kind === 'tcp') return check;
  const { hostname, port, protocol } = new URL(check.url.reveal());
  return { host: hostname, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}

/** Names in the cluster that lack their namespace, which nothing can be forwarded to. Throws InputError. */
export function requireServices(checks: readonly Check[]): void {
  const faults = checks
    .map((check) => endOf(check).host)
    .filter((host) => /\.svc\b/.test(host) && serviceOf(host) === undefined)
    .map((host) => ({ input: 'checks', message: `"${host}" names no Service`, accepted: 'SERVICE.NAMESPACE.svc' }));
  if (faults.length > 0) throw new InputError(faults);
}

/** Opens port-forwards as they are needed, one a Service and port; all are closed when the step ends. */
export function waysInto(cluster: Pick<Inputs, 'kubeconfig' | 'context'>, context: Context): Ways {
  const open = new Map<string, Way>();
  return {
    async to(host, port) {
      const service = serviceOf(host);
      const known = open.get(`${host}:${port}`);
      if (service === undefined || known !== undefined) return known;
      const { connect, openPortForward } = await import('@deploy-actions/kubernetes');
      const forward = await openPortForward(await connect(cluster, context), { ...service, port }, context.signal);
      const dispatcher = await dispatcherTo(forward);
      context.onEnd(async () => {
        await dispatcher.destroy();
        await forward.close();
      });
      const way = { host: forward.host, port: forward.port, dispatcher };
      open.set(`${host}:${port}`, way);
      return way;
    },
  };
}

async function dispatcherTo({ host, port }: PortForward): Promise<Dispatcher> {
  const { Agent, buildConnector } = await import('undici');
  const connect = buildConnector({ timeout: 10_000 });
  return new Agent({
    connect: (options, callback) =>
      connect({ ...options, hostname: host, host: `${host}:${port}`, port: String(port) }, callback),
  });
}
