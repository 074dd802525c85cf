import type { Context } from '@deploy-actions/core';
import { type KubeObject, loadClusterAccess, targetKey } from '@deploy-actions/kubernetes';
import type { Inputs } from './inputs.ts';

/** Where the manifests are to go, as far as it is known: rendering needs no cluster. */
export interface Cluster {
  /** The kubeconfig context's name and namespace; undefined where this step was given neither `kubeconfig` nor `context`. */
  readonly context: string | undefined;
  readonly namespace: string | undefined;
}

/**
 * The cluster that this step was told of by its inputs. KUBECONFIG and `~/.kube/config` don't count: a later step may well be given
 * another one. Throws ActionError `error-input` where the given kubeconfig is none.
 */
export async function readCluster(
  { kubeconfig, context }: Pick<Inputs, 'kubeconfig' | 'context'>,
  { env, runner }: Pick<Context, 'env' | 'runner'>,
): Promise<Cluster> {
  if (kubeconfig === undefined) return { context, namespace: undefined };
  const access = await loadClusterAccess({ input: kubeconfig, context, env, workspace: runner.workspace });
  return { context: access.context, namespace: access.namespace };
}

/** The namespace of objects that name none: the input, the manifests' only one, the context's; undefined where none tells. */
export function namespaceOf(
  given: string | undefined,
  objects: readonly KubeObject[],
  cluster: Cluster,
): string | undefined {
  const own = new Set(objects.flatMap((object) => object.metadata.namespace ?? []));
  return given ?? (own.size === 1 ? [...own][0] : cluster.namespace);
}

/** The report's key `context/namespace`; a part that isn't known is empty, and deploy-rollout takes an empty context for its own. */
export function reportKey(cluster: Cluster, namespace: string | undefined): string {
  return targetKey(cluster.context ?? '', namespace ?? '');
}
