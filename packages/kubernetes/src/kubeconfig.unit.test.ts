import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Secret } from '@deploy-actions/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadClusterAccess, tellKubeconfigApart } from './kubeconfig.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const packed = (text: string) => Buffer.from(text).toString('base64');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kubeconfig-'));
});
afterAll(() => rm(folder, { recursive: true }));

function config(
  parts: { user?: string; cluster?: string; context?: string; current?: string; name?: string } = {},
): string {
  const { user = 'token: abcd', cluster = 'server: https://10.0.0.1:6443', context = '', name = 'prod' } = parts;
  const current = parts.current ?? name;
  return `apiVersion: v1
kind: Config
${current === '' ? '' : `current-context: ${current}`}
clusters: [{ name: ${name}, cluster: { ${cluster} } }]
users: [{ name: ${name}-user, user: { ${user} } }]
contexts: [{ name: ${name}, context: { cluster: ${name}, user: ${name}-user ${context} } }]
`;
}

const load = (text: string | undefined, more: { context?: string; env?: Record<string, string> } = {}) =>
  loadClusterAccess({
    input: text === undefined ? undefined : new Secret(text),
    context: more.context,
    env: { HOME: path.join(folder, 'nobody'), ...more.env },
    workspace: folder,
  });

describe('a path, the content and its base64 form are told apart', () => {
  test.each([
    ['cluster/kubeconfig', 'path'],
    ['/etc/kube/config.yaml', 'path'],
    ['~/.kube/config', 'path'],
    // Looks like base64, but holds no kubeconfig when unpacked.
    ['abcdefgh', 'path'],
    [config(), 'content'],
    ['{"apiVersion":"v1","clusters":[]}', 'content'],
    [packed(config()), 'content'],
    [`${packed(config()).replace(/(.{64})/g, '$1\n')}\n`, 'content'],
  ])('%j', (text, kind) => {
    expect(tellKubeconfigApart(text).kind).toBe(kind);
  });

  test('base64 is unpacked', () => {
    expect(tellKubeconfigApart(packed(config())).text).toBe(config());
  });
});

describe('credentials', () => {
  test.each([
    ['token: abcd', { kind: 'token' }],
    ['tokenFile: token', { kind: 'token-file' }],
    ['username: a, password: b', { kind: 'basic', username: 'a' }],
    [
      'exec: { command: aws, args: [eks], env: [{ name: A, value: b }] }',
      { kind: 'exec', command: 'aws', args: ['eks'], env: { A: 'b' } },
    ],
    [
      `client-certificate-data: ${packed(PEM)}, client-key-data: ${packed(PEM)}`,
      { kind: 'none', pair: { certificate: PEM } },
    ],
    // kubectl, too, prefers a plug-in to a token, and keeps a certificate on top of either.
    [
      `exec: { command: aws }, token: x, client-certificate-data: ${packed(PEM)}, client-key-data: ${packed(PEM)}`,
      { kind: 'exec', pair: { certificate: PEM } },
    ],
    ['', { kind: 'none', pair: undefined }],
  ])('%s', async (user, expected) => {
    expect((await load(config({ user }))).credentials).toMatchObject(expected);
  });
});

test('the cluster comes with its address, authority, name for TLS, proxy and namespace', async () => {
  const cluster = `server: 'https://10.0.0.1:6443/k8s', certificate-authority-data: ${packed(PEM)}, tls-server-name: kubernetes, proxy-url: 'http://proxy:3128'`;
  expect(await load(config({ cluster, context: ', namespace: shop' }))).toMatchObject({
    context: 'prod',
    namespace: 'shop',
    server: new URL('https://10.0.0.1:6443/k8s'),
    tls: { ca: PEM, serverName: 'kubernetes', insecure: false },
    proxyUrl: 'http://proxy:3128',
  });
});

test('of several files in KUBECONFIG the first to name something wins, and paths are relative to their own file', async () => {
  const [first, second] = [path.join(folder, 'first'), path.join(folder, 'second')];
  await writeFile(path.join(folder, 'ca.pem'), PEM);
  await writeFile(first, config({ name: 'a', cluster: 'server: https://a:1, certificate-authority: ca.pem' }));
  await writeFile(second, config({ name: 'b', cluster: 'server: https://b:1' }));
  const env = { KUBECONFIG: [first, path.join(folder, 'missing'), second].join(path.delimiter) };
  expect(await load(undefined, { env })).toMatchObject({ context: 'a', tls: { ca: PEM } });
  expect(await load(undefined, { env, context: 'b' })).toMatchObject({ context: 'b', server: new URL('https://b:1') });
});

describe('each fault is one sentence with a hint, and quotes nothing of the file', () => {
  test.each([
    ['empty', '   \n', undefined, 'there is no kubeconfig'],
    ['another file', 'foo: bar: baz', undefined, 'not valid YAML'],
    ['a list', '- a: b\n', undefined, 'names no current context (it has none)'],
    ['a cluster without a server', config({ cluster: '' }), undefined, 'clusters.0.cluster.server'],
    ['no valid address', config({ cluster: 'server: here' }), undefined, 'no valid server address'],
    ['no valid proxy', config({ cluster: 'server: https://a, proxy-url: here' }), undefined, 'no valid proxy-url'],
    ['no context of that name', config(), 'moon', 'no context "moon" (it has prod)'],
    [
      'half a certificate',
      config({ user: `client-certificate-data: ${packed(PEM)}` }),
      undefined,
      'only one of client-certificate and client-key',
    ],
    [
      'shortened data',
      config({ cluster: 'server: https://a, certificate-authority-data: DATA+OMITTED' }),
      undefined,
      'no PEM in base64',
    ],
    [
      'a file that is elsewhere',
      config({ user: 'client-certificate: /nowhere/a.crt, client-key: /nowhere/a.key' }),
      undefined,
      'does not exist here',
    ],
    ['a way to sign in that is gone', config({ user: 'auth-provider: { name: gcp }' }), undefined, 'removed in 1.26'],
  ])('%s', async (_, text, context, says) => {
    const error = await load(text, context === undefined ? {} : { context }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason: 'error-input', hint: expect.stringMatching(/./) });
    expect(String(error)).toContain(says);
    expect(String(error)).not.toMatch(/foo|baz|abcd/);
  });

  test('without a current context the only one is taken', async () => {
    expect(await load(config({ current: '' }))).toMatchObject({ context: 'prod' });
  });
});
