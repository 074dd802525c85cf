import type { Context, Secret } from '@deploy-actions/core';
import { KubeClient } from './client.ts';
import { loadClusterAccess } from './kubeconfig.ts';

/** The part of an action's inputs that names the cluster. */
export interface ClusterChoice {
  readonly kubeconfig: Secret | undefined;
  readonly context: string | undefined;
}

const clients = new WeakMap<Context, Promise<KubeClient>>();

/**
 * The client of the cluster that the inputs name; one a run, closed when the step ends.
 * @throws ActionError `error-input` for every fault of the kubeconfig; nothing is asked of the cluster yet
 */
export function connect(inputs: ClusterChoice, context: Context): Promise<KubeClient> {
  const known = clients.get(context);
  if (known !== undefined) return known;
  const client = open(inputs, context);
  clients.set(context, client);
  return client;
}

async function open(inputs: ClusterChoice, context: Context): Promise<KubeClient> {
  const access = await loadClusterAccess({
    input: inputs.kubeconfig,
    context: inputs.context,
    env: context.env,
    workspace: context.runner.workspace,
  });
  const { programs, redactor, signal, log, env } = context;
  const client = new KubeClient(access, { programs, redactor, signal, log, env });
  context.onEnd(() => client.close());
  return client;
}
