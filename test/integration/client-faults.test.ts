import type { Job } from '@deploy-actions/harness';
import { BUILT_IN } from '@deploy-actions/kubernetes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSignIn, type SignIn } from './kubernetes-sign-in.ts';
import { type Bench, writeFiles } from './kubernetes-support.ts';

let bench: Bench;
let namespace: string;
let job: Job;
let admin: string;
let signIn: SignIn;
beforeAll(async () => {
  signIn = await openSignIn();
  ({ bench, namespace, job, admin } = signIn);
});
afterAll(() => bench.close());

describe('what is said when the cluster cannot be reached or refuses', () => {
  const forged = `${Buffer.from('{}').toString('base64url')}.${Buffer.from(JSON.stringify({ exp: 1_600_000_000 })).toString('base64url')}.c2ln`;
  const CASES: readonly {
    name: string;
    kubeconfig: () => string;
    reason: string;
    says: RegExp;
    inputs?: Record<string, string>;
  }[] = [
    { name: 'no kubeconfig at all', kubeconfig: () => '', reason: 'error-input', says: /there is no kubeconfig/ },
    {
      name: 'a path that is not there',
      kubeconfig: () => 'nowhere/config',
      reason: 'error-input',
      says: /neither a kubeconfig, nor one in base64, nor the path/,
    },
    {
      name: 'no YAML',
      kubeconfig: () => 'apiVersion: v1\n  clusters: [',
      reason: 'error-input',
      says: /is not valid YAML/,
    },
    {
      name: 'no kubeconfig but another file',
      kubeconfig: () => 'clusters: here\nusers: 3\n',
      reason: 'error-input',
      says: /is no kubeconfig: clusters/,
    },
    {
      name: 'a context that it does not have',
      kubeconfig: () => admin,
      inputs: { context: 'moon' },
      reason: 'error-input',
      says: /has no context "moon" \(it has staging\)/,
    },
    {
      name: 'a cluster that it does not have',
      kubeconfig: () =>
        signIn.changed((config) => {
          config.clusters = [];
        }),
      reason: 'error-input',
      says: /which is not in it/,
    },
    {
      name: 'a server that does not listen',
      kubeconfig: () =>
        signIn.changed((config) => {
          for (const { cluster } of config.clusters) cluster.server = 'https://127.0.0.1:1';
        }),
      reason: 'error-network',
      says: /127\.0\.0\.1:1 .*cannot be reached: nothing listens there/,
    },
    {
      name: 'a name that does not resolve',
      kubeconfig: () =>
        signIn.changed((config) => {
          for (const { cluster } of config.clusters) cluster.server = 'https://no-such-host.invalid:6443';
        }),
      reason: 'error-network',
      says: /cannot be reached/,
    },
    {
      name: 'an authority that is not its own',
      kubeconfig: () =>
        signIn.changed((config) => {
          for (const { cluster } of config.clusters) delete cluster['certificate-authority-data'];
        }),
      reason: 'error-network',
      says: /certificate/,
    },
    {
      name: 'a token that it does not know',
      kubeconfig: () => signIn.withUser({ token: 'nobody-knows-this-token' }),
      reason: 'error-auth',
      says: /did not accept the credentials/,
    },
    {
      name: 'an expired token',
      kubeconfig: () => signIn.withUser({ token: forged }),
      reason: 'error-auth',
      says: /expired on 2020-09-13/,
    },
    {
      name: 'a sign-in program that is missing',
      kubeconfig: () =>
        signIn.withUser({ exec: { command: 'no-such-sign-in', installHint: 'install no-such-sign-in first' } }),
      reason: 'error-tool',
      says: /no-such-sign-in.*install no-such-sign-in first/s,
    },
    {
      name: 'a namespace that does not exist',
      kubeconfig: () => admin,
      inputs: { namespace: 'nowhere' },
      reason: 'error-input',
      says: /the namespace "nowhere" does not exist in the cluster of context "staging"/,
    },
  ];

  test.each(CASES)('$name', async ({ kubeconfig, reason, says, inputs }) => {
    const result = await signIn.dryRun(kubeconfig(), { 'dry-run': 'false', ...inputs });
    expect(result.exitCode).toBe(1);
    expect(result.outputs, result.log).toMatchObject({ outcome: 'failed', reason });
    const errors = result.annotations.filter((note) => note.level === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(says);
    expect(errors[0]?.message).toMatch(/next: ./);
    expect(result.rawLog).not.toMatch(/^\s+at .*[:(]/m);
    expect(result.rawLog).not.toMatch(/nobody-knows-this-token|c2ln|BEGIN|certificate-authority-data: /);
    expect(await bench.get(BUILT_IN.ConfigMap, namespace, 'probe')).toBeUndefined();
  });

  test('no namespace', async () => {
    // In a job of its own: an earlier step's namespace would be taken.
    const other = await bench.job();
    await writeFiles(other, { 'map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: probe }\n' });
    const result = await other.run('deploy-rollout', { manifests: 'map.yaml' });
    expect(result.outputs, result.log).toMatchObject({ outcome: 'failed', reason: 'error-input' });
    expect(result.log).toContain('no namespace is given: context "staging" of the kubeconfig names none');
  });

  test('no permission: verb, resource and namespace are named, and nothing is changed', async () => {
    const look = { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] };
    const result = await signIn.dryRun(
      signIn.withUser({ token: await bench.account(namespace, 'looks-only', [look]) }),
      {
        'dry-run': 'false',
      },
    );
    expect(result.outputs, result.log).toMatchObject({ outcome: 'failed', reason: 'error-auth' });
    expect(result.log).toContain(`this account may not patch configmaps in the namespace "${namespace}"`);
    expect(await bench.get(BUILT_IN.ConfigMap, namespace, 'probe')).toBeUndefined();
  });
});

describe('manifests that are none', () => {
  test.each([
    { name: 'no YAML', text: 'apiVersion: v1\nkind: [\n', says: /bad\.yaml:\d+: not valid YAML/ },
    { name: 'no kind', text: 'apiVersion: v1\nmetadata: { name: a }\n', says: /bad\.yaml:1: kind is missing/ },
    {
      name: 'a kind that the cluster does not know',
      text: 'apiVersion: example.com/v1\nkind: Unheard\nmetadata: { name: a }\n',
      says: /no kind Unheard in example\.com\/v1/,
    },
    {
      name: 'a value that does not fit',
      text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: 1 }\n',
      says: /could not validate ConfigMap\/a/,
    },
  ])('$name', async ({ text, says }) => {
    await writeFiles(job, { 'bad.yaml': text });
    const result = await signIn.dryRun(admin, { manifests: 'bad.yaml', 'dry-run': 'false' });
    expect(result.outputs, result.log).toMatchObject({ outcome: 'failed', reason: 'invalid-manifest' });
    const errors = result.annotations.filter((note) => note.level === 'error');
    expect(errors[0]?.message).toMatch(says);
    expect(errors[0]?.file).toBe('bad.yaml');
  });
});
