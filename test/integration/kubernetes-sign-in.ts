import { readFile } from 'node:fs/promises';
import type { Job, StepResult } from '@deploy-actions/harness';
import { parse, stringify } from 'yaml';
import { type Bench, openBench, writeFiles } from './kubernetes-support.ts';

interface Kubeconfig {
  'current-context'?: string;
  clusters: { name: string; cluster: Record<string, unknown> }[];
  users: { name: string; user: Record<string, unknown> }[];
  contexts: { name: string; context: Record<string, unknown> }[];
}

/** A cluster and a job for tests of how it is reached: each test gives its own kubeconfig. */
export interface SignIn {
  readonly bench: Bench;
  readonly namespace: string;
  /** Has no kubeconfig in its environment, and `map.yaml` in its workspace. */
  readonly job: Job;
  /** The admin's kubeconfig. */
  readonly admin: string;
  /** The admin's kubeconfig with something changed. */
  changed(change: (config: Kubeconfig) => void): string;
  /** The admin's kubeconfig with another way to sign in. */
  withUser(user: Record<string, unknown>): string;
  /** deploy-rollout of `map.yaml`, without changing anything unless `inputs` say otherwise. */
  dryRun(kubeconfig: string, inputs?: Record<string, string>): Promise<StepResult>;
}

export async function openSignIn(): Promise<SignIn> {
  const bench = await openBench();
  const namespace = await bench.namespace();
  const job = await bench.job({ env: { KUBECONFIG: '' } });
  const admin = await readFile(bench.kubeconfig, 'utf8');
  await writeFiles(job, { 'map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: probe }\ndata: { a: b }\n' });
  const changed = (change: (config: Kubeconfig) => void) => {
    const config = parse(admin) as Kubeconfig;
    change(config);
    return stringify(config);
  };
  return {
    bench,
    namespace,
    job,
    admin,
    changed,
    withUser: (user) =>
      changed((config) => {
        config.users = config.users.map((entry) => ({ ...entry, user }));
      }),
    dryRun: (kubeconfig, inputs = {}) =>
      job.run('deploy-rollout', { manifests: 'map.yaml', namespace, kubeconfig, 'dry-run': 'true', ...inputs }),
  };
}
