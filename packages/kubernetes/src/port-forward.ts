import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { ActionError } from '@deploy-actions/core';
import type { WebSocket } from 'undici';
import type { KubeClient } from './client.ts';
import { BUILT_IN } from './discovery.ts';
import type { Pod, Service } from './objects.ts';
import { getObject, listObjects } from './read.ts';
import { conditionOf } from './readiness.ts';

/** A port on loopback behind which a Service of the cluster answers. */
export interface PortForward {
  readonly host: '127.0.0.1';
  readonly port: number;
  close(): Promise<void>;
}

export interface ForwardTarget {
  readonly namespace: string;
  readonly service: string;
  /** The Service's port: its number or its name; undefined where it has only one. */
  readonly port: number | string | undefined;
}

/** Frames begin with their channel; port 0's are 0 for data and 1 for errors (Kubernetes' v4.channel.k8s.io). */
const DATA = 0;
const ERROR = 1;
const PROTOCOL = 'v4.channel.k8s.io';
/** Beyond this the sender waits until the WebSocket has sent what it holds. */
const HIGH_WATER = 1 << 20;

/**
 * Opens a way to a Service through the API server, for whoever may not reach the cluster's network. Each connection goes to a ready pod of
 * the moment, so the way survives a rollout.
 * @throws ActionError `error-input` where there is no such Service or port, `error-network` where it has no ready pod
 */
export async function openPortForward(
  client: KubeClient,
  target: ForwardTarget,
  signal: AbortSignal,
): Promise<PortForward> {
  await chooseEnd(client, target, signal);
  const sockets = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    connect(client, target, socket, signal).catch((error: unknown) => {
      client.log.debug(`port-forward to ${target.service}: ${error instanceof Error ? error.message : String(error)}`);
      socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  signal.addEventListener('abort', () => void close(), { once: true });
  return { host: '127.0.0.1', port: portOf(server), close };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

interface End {
  readonly pod: string;
  readonly port: number;
}

/** A ready pod of the Service, with the port that its container listens on. */
async function chooseEnd(client: KubeClient, target: ForwardTarget, signal: AbortSignal): Promise<End> {
  const { namespace, service: name } = target;
  const service = await getObject<Service>(client, BUILT_IN.Service, namespace, name, signal);
  if (service === undefined) {
    throw new ActionError('error-input', `there is no Service "${name}" in the namespace "${namespace}"`, {
      hint: 'the address must be SERVICE.NAMESPACE.svc',
    });
  }
  const ports = service.spec?.ports ?? [];
  const port = ports.find(
    (entry) => target.port === undefined || entry.port === target.port || entry.name === target.port,
  );
  if (port === undefined) {
    throw new ActionError('error-input', `Service/${name} has no port ${target.port ?? ''}`, {
      hint: `it has ${ports.map((entry) => entry.port).join(', ') || 'none'}`,
    });
  }
  const selector = Object.entries(service.spec?.selector ?? {});
  const { items } = await listObjects<Pod>(client, BUILT_IN.Pod, namespace, signal);
  const ready = items.filter(
    (pod) =>
      selector.length > 0 &&
      selector.every(([key, value]) => pod.metadata.labels?.[key] === value) &&
      !pod.metadata.deletionTimestamp &&
      conditionOf(pod, 'Ready')?.status === 'True',
  );
  const pod = ready[Math.floor(Math.random() * ready.length)];
  if (pod === undefined) {
    throw new ActionError('error-network', `Service/${name} in the namespace "${namespace}" has no ready pod`, {
      hint: 'look at the pods that its selector names',
      retryable: true,
    });
  }
  return { pod: pod.metadata.name, port: containerPort(pod, port.targetPort ?? port.port) };
}

function containerPort(pod: Pod, wanted: number | string): number {
  if (typeof wanted === 'number') return wanted;
  const named = pod.spec?.containers.flatMap((container) => container.ports ?? []).find((port) => port.name === wanted);
  if (named !== undefined) return named.containerPort;
  throw new ActionError('error-input', `pod ${pod.metadata.name} has no port named "${wanted}"`, {
    hint: 'targetPort of the Service must name a port of the container',
  });
}

async function connect(client: KubeClient, target: ForwardTarget, socket: Socket, signal: AbortSignal): Promise<void> {
  const end = await chooseEnd(client, target, signal);
  const path = `/api/v1/namespaces/${target.namespace}/pods/${end.pod}/portforward?ports=${end.port}`;
  const { url, dispatcher, headers } = await client.upgrade(path);
  const undici = await import('undici');
  const channel = new undici.WebSocket(url, { protocols: PROTOCOL, dispatcher, headers });
  channel.binaryType = 'arraybuffer';
  pump(channel, socket, client);
}

function pump(channel: WebSocket, socket: Socket, client: KubeClient): void {
  // The first frame of each channel only repeats the port.
  const greeted = new Set<number>();
  channel.addEventListener('message', ({ data }) => {
    const frame = Buffer.from(data as ArrayBuffer);
    const kind = frame[0] ?? DATA;
    const body = frame.subarray(1);
    if (!greeted.has(kind)) greeted.add(kind);
    else if (kind === DATA) socket.write(body);
    else if (kind === ERROR && body.length > 0) {
      client.log.debug(`port-forward: ${body.toString('utf8')}`);
      channel.close();
    }
  });
  channel.addEventListener('close', () => socket.end());
  channel.addEventListener('error', () => socket.destroy());
  channel.addEventListener('open', () => {
    socket.on('data', (data: Buffer) => {
      channel.send(Buffer.concat([Buffer.from([DATA]), data]));
      if (channel.bufferedAmount > HIGH_WATER) drain(channel, socket);
    });
    socket.resume();
  });
  socket.on('close', () => channel.close());
}

/** WebSockets have no event for having sent what they hold. */
function drain(channel: WebSocket, socket: Socket): void {
  socket.pause();
  const timer = setInterval(() => {
    if (channel.bufferedAmount > HIGH_WATER && !socket.destroyed) return;
    clearInterval(timer);
    socket.resume();
  }, 5);
}
