import { setTimeout as pause } from 'node:timers/promises';
import { ActionError } from '@deploy-actions/core';
import { ApiError } from './answers.ts';
import type { KubeClient } from './client.ts';
import { pathOf, type Resource } from './discovery.ts';
import type { KubeObject } from './objects.ts';
import { listObjects } from './read.ts';

/** What a watch tells: first the whole list, then each change; the whole list again after a gap. */
export type Change =
  | { readonly type: 'listed'; readonly objects: readonly KubeObject[] }
  | { readonly type: 'changed'; readonly object: KubeObject }
  | { readonly type: 'removed'; readonly object: KubeObject };

interface WireEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject & { code?: number };
}

/** The API server sends a bookmark about once a minute; silence of longer means that the connection is dead. */
const SILENCE_MS = 150_000;
const SERVER_ENDS_AFTER_S = 290;
const RECONNECT_MS = 250;

/**
 * Lists all objects of a kind in a namespace and follows their changes without a gap until `signal` is aborted: reconnects from
 * the last version seen, and lists anew when the server has forgotten that version (410).
 * @throws ApiError where listing or watching is forbidden, HttpError where the server does not answer the first time
 */
export async function* watchObjects(
  client: KubeClient,
  resource: Resource,
  namespace: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  let version: string | undefined;
  let begun = false;
  while (!signal.aborted) {
    try {
      if (version === undefined) {
        const list = await listObjects(client, resource, namespace, signal);
        version = list.resourceVersion;
        begun = true;
        yield { type: 'listed', objects: list.items };
      }
      for await (const event of eventsSince(client, resource, namespace, version, signal)) {
        if (event.type === 'ERROR') {
          if (event.object.code === 410) version = undefined;
          break;
        }
        version = event.object.metadata.resourceVersion ?? version;
        if (event.type === 'BOOKMARK') continue;
        yield { type: event.type === 'DELETED' ? 'removed' : 'changed', object: event.object };
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status === 410) version = undefined;
      else if (!begun || !mayPass(error)) throw error;
      else client.log.debug(`the watch of ${resource.plural} broke off: ${String(error)}`);
    }
    await pause(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * A server that is away for a while, once it has answered, is waited for as long as the caller wants; so is a stream that breaks off while
 * it is read, which undici tells by errors of its own.
 */
function mayPass(error: unknown): boolean {
  return !(error instanceof ActionError) || error.retryable;
}

async function* eventsSince(
  client: KubeClient,
  resource: Resource,
  namespace: string | undefined,
  version: string,
  signal: AbortSignal,
): AsyncGenerator<WireEvent> {
  const { body } = await client.stream({
    path: pathOf(resource, namespace),
    query: { watch: true, allowWatchBookmarks: true, resourceVersion: version, timeoutSeconds: SERVER_ENDS_AFTER_S },
    signal,
    doing: `watch ${resource.plural}`,
    timeoutMs: SILENCE_MS,
  });
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of body) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') yield JSON.parse(line) as WireEvent;
    }
  }
}
