import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createLog, createPrograms, createRedactor, type Secret } from '@deploy-actions/core';
import { type Job, type JobOptions, startJob } from '@deploy-actions/harness';
import {
  BUILT_IN,
  type Deployment,
  deleteObject,
  getObject,
  KubeClient,
  type KubeObject,
  listObjects,
  loadClusterAccess,
  pathOf,
  type Resource,
  writeObject,
} from '@deploy-actions/kubernetes';
import { clusterOf, sharedSandbox } from '@deploy-actions/sandbox';
import { parse as parseYaml, stringify } from 'yaml';
import { sourceTree } from './actions-support.ts';

const ACTIONS = path.resolve(import.meta.dirname, '../../actions');
export const DEPLOYMENT: Resource = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
};

/** The staging cluster of the tests' sandbox, a client of it, and a workbench for jobs that deploy to it. */
export interface Bench {
  readonly kubeconfig: string;
  readonly registry: string;
  readonly client: KubeClient;
  /** Makes a namespace of its own; all of them are deleted by `close`. */
  namespace(): Promise<string>;
  /** A job whose actions run from the sources, with the cluster's kubeconfig in its environment unless `env` says otherwise. */
  job(options?: Partial<JobOptions>): Promise<Job>;
  get(resource: Resource, namespace: string, name: string): Promise<KubeObject | undefined>;
  list(resource: Resource, namespace: string): Promise<KubeObject[]>;
  /** Makes an object under a manager's name. */
  create(resource: Resource, object: KubeObject, manager?: string): Promise<void>;
  /** Deletes a namespace that a step made, at the end. */
  remove(namespace: string): void;
  /** Creates or changes a Deployment as `kubectl apply` does: under its manager's name, with a copy of the manifest in an annotation. */
  kubectlApply(namespace: string, manifest: string): Promise<void>;
  /** Changes fields of an object under another manager's name. */
  editAs(manager: string, resource: Resource, namespace: string, name: string, patch: object): Promise<void>;
  /** Sets replicas as an autoscaler does: by the scale subresource. */
  scale(namespace: string, deployment: string, replicas: number): Promise<void>;
  /** Makes an account that may do what `rules` say in the namespace, and yields its token. */
  account(namespace: string, name: string, rules: readonly object[]): Promise<string>;
  /** A kubeconfig of the cluster with another way to sign in. */
  kubeconfigWith(user: Readonly<Record<string, unknown>>): Promise<string>;
  /** A Secret's values as plain text. */
  secretValues(namespace: string, name: string): Promise<Record<string, string>>;
  close(): Promise<void>;
}

const never = new AbortController().signal;

export async function openBench(): Promise<Bench> {
  const sandbox = await sharedSandbox();
  const { kubeconfig } = clusterOf(sandbox, 'staging');
  const client = await clientOf(kubeconfig);
  const sources = await sourceTree(['deploy-rollout', 'sync-secrets']);
  const namespaces: string[] = [];
  const jobs: Job[] = [];
  let count = 0;
  return {
    kubeconfig,
    registry: sandbox.registry,
    client,
    async namespace() {
      const name = `t-${process.pid}-${Date.now() % 100_000}-${count++}`;
      await writeObject(client, BUILT_IN.Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, never);
      namespaces.push(name);
      return name;
    },
    async job(options = {}) {
      const job = await startJob({ tree: sources.tree, ...options, env: { KUBECONFIG: kubeconfig, ...options.env } });
      jobs.push(job);
      return job;
    },
    get: (resource, namespace, name) => getObject(client, resource, namespace, name, never),
    list: async (resource, namespace) => (await listObjects(client, resource, namespace, never)).items,
    async create(resource, object, manager = 'somebody') {
      const path = pathOf(resource, object.metadata.namespace);
      await client.json({
        method: 'POST',
        path,
        query: { fieldManager: manager },
        body: object,
        signal: never,
        doing: 'make it',
      });
    },
    remove: (namespace) => void namespaces.push(namespace),
    async kubectlApply(namespace, manifest) {
      const object = parseYaml(manifest);
      object.metadata.annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(object) };
      const path = pathOf(DEPLOYMENT, namespace);
      const exists = (await getObject(client, DEPLOYMENT, namespace, object.metadata.name, never)) !== undefined;
      await client.json({
        method: exists ? 'PATCH' : 'POST',
        path: exists ? `${path}/${object.metadata.name}` : path,
        query: { fieldManager: 'kubectl-client-side-apply' },
        ...(exists ? { contentType: 'application/strategic-merge-patch+json' } : {}),
        body: object,
        signal: never,
        doing: 'apply as kubectl does',
      });
    },
    async editAs(manager, resource, namespace, name, patch) {
      await mergePatch(client, pathOf(resource, namespace, name), manager, patch);
    },
    async scale(namespace, deployment, replicas) {
      const path = `${pathOf(DEPLOYMENT, namespace, deployment)}/scale`;
      await mergePatch(client, path, 'kube-controller-manager', { spec: { replicas } });
    },
    async account(namespace, name, rules) {
      const make = (path: string, kind: string, apiVersion: string, body: object) =>
        client.json<{ status: { token: string } }>({
          method: 'POST',
          path,
          body: { apiVersion, kind, metadata: { name, namespace }, ...body },
          signal: never,
          doing: `make the ${kind} ${name}`,
        });
      const rbac = 'rbac.authorization.k8s.io';
      const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
      const roles = `/apis/${rbac}/v1/namespaces/${namespace}`;
      await make(accounts, 'ServiceAccount', 'v1', {});
      await make(`${roles}/roles`, 'Role', `${rbac}/v1`, { rules });
      const roleRef = { apiGroup: rbac, kind: 'Role', name };
      const subjects = [{ kind: 'ServiceAccount', name, namespace }];
      await make(`${roles}/rolebindings`, 'RoleBinding', `${rbac}/v1`, { roleRef, subjects });
      const spec = { expirationSeconds: 3600 };
      const answer = await make(`${accounts}/${name}/token`, 'TokenRequest', 'authentication.k8s.io/v1', { spec });
      return answer.status.token;
    },
    async kubeconfigWith(user) {
      const config = parseYaml(await readFile(kubeconfig, 'utf8'));
      config.users = config.users.map((entry: object) => ({ ...entry, user }));
      return stringify(config);
    },
    async secretValues(namespace, name) {
      const secret = await getObject(client, BUILT_IN.Secret, namespace, name, never);
      const data = Object.entries((secret?.data ?? {}) as Record<string, Secret>);
      return Object.fromEntries(
        data.map(([key, value]) => [key, Buffer.from(value.reveal(), 'base64').toString('utf8')]),
      );
    },
    async close() {
      for (const job of jobs) await job.remove();
      for (const name of namespaces) {
        await deleteObject(
          client,
          BUILT_IN.Namespace,
          { apiVersion: 'v1', kind: 'Namespace', namespace: undefined, name },
          undefined,
          never,
        );
      }
      await client.close();
      await sources.remove();
    },
  };
}

async function mergePatch(client: KubeClient, path: string, manager: string, patch: object): Promise<void> {
  await client.json({
    method: 'PATCH',
    path,
    query: { fieldManager: manager },
    contentType: 'application/merge-patch+json',
    body: patch,
    signal: never,
    doing: `change ${path}`,
  });
}

/** A client as the actions have it, outside of a step. */
export async function clientOf(kubeconfig: string): Promise<KubeClient> {
  const redactor = createRedactor();
  const log = createLog(redactor);
  const access = await loadClusterAccess({
    input: undefined,
    context: undefined,
    env: { KUBECONFIG: kubeconfig },
    workspace: '/',
  });
  const programs = createPrograms({ env: process.env, signal: never, log, redactor });
  return new KubeClient(access, { programs, redactor, signal: never, log, env: {} });
}

/** A Deployment of the cluster; it must be there. */
export async function deploymentOf(bench: Bench, namespace: string, name = 'api'): Promise<Deployment> {
  const found = await bench.get(DEPLOYMENT, namespace, name);
  if (found === undefined) throw new Error(`there is no Deployment ${name} in ${namespace}`);
  return found as Deployment;
}

/** Puts files into a job's workspace. */
export async function writeFiles(job: Job, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(job.folders.workspace, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** A file of the step's evidence folder; the folders count the steps of the job. */
export async function readEvidence(job: Job, folder: string, name: string): Promise<string> {
  return await readFile(path.join(job.folders.temp, 'deploy-actions', folder, name), 'utf8');
}

/** The rules of the Role that an action's README says is enough. */
export async function leastRules(action: string): Promise<readonly object[]> {
  const readme = await readFile(path.join(ACTIONS, action, 'README.md'), 'utf8');
  const [, role = ''] = /```yaml\n(apiVersion: rbac[\s\S]*?)```/.exec(readme) ?? [];
  return (parseYaml(role) as { rules: object[] }).rules;
}
