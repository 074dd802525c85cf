import { ApiError } from './answers.ts';
import type { KubeClient } from './client.ts';
import { pathOf, type Resource } from './discovery.ts';
import type { KubeObject } from './objects.ts';

const PAGE = 500;

interface Page<T> {
  readonly items: T[];
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
}

/** One object, or undefined where there is none. @throws ApiError where it may not be read */
export async function getObject<T = KubeObject>(
  client: KubeClient,
  resource: Resource,
  namespace: string | undefined,
  name: string,
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return await client.json<T>({
      path: pathOf(resource, namespace, name),
      signal,
      doing: `read ${resource.kind}/${name}`,
    });
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/**
 * All objects of a kind, read in pages, with the resource version from which a watch goes on. Items of a list lack apiVersion
 * and kind on the wire; here they have them. `namespace` undefined means all of them.
 */
export async function listObjects<T = KubeObject>(
  client: KubeClient,
  resource: Resource,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<{ items: T[]; resourceVersion: string }> {
  const items: T[] = [];
  let token: string | undefined;
  for (;;) {
    const page: Page<T> = await client.json<Page<T>>({
      path: pathOf(resource, namespace),
      query: { limit: PAGE, continue: token },
      signal,
      doing: `list ${resource.plural}${namespace === undefined ? '' : ` in the namespace ${namespace}`}`,
    });
    for (const item of page.items) items.push({ ...item, apiVersion: resource.apiVersion, kind: resource.kind });
    token = page.metadata.continue;
    if (!token) return { items, resourceVersion: page.metadata.resourceVersion };
  }
}

/** The last lines of a container's log; empty where it has none. `previous`: of the run before this one. */
export async function readLog(
  client: KubeClient,
  pod: { readonly namespace: string; readonly name: string; readonly container: string },
  options: { readonly previous: boolean; readonly lines: number },
  signal: AbortSignal,
): Promise<string> {
  try {
    return await client.text({
      path: `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/log`,
      query: { container: pod.container, tailLines: options.lines, previous: options.previous, limitBytes: 1_000_000 },
      accept: '*/*',
      signal,
      doing: `read the log of ${pod.name}`,
    });
  } catch (error) {
    // No log yet, or its container is gone: evidence that cannot be had is not worth a second failure.
    if (error instanceof ApiError) return '';
    throw error;
  }
}
