import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

// What Whooper's own document says of its manifests, number by number. That they deploy is the end-to-end test's part.
const text = (path: string): string => readFileSync(new URL(`../../examples/whooper/${path}`, import.meta.url), 'utf8');

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

const documents = parseAllDocuments(text('k8s/whooper-deployment.yaml'));
const manifests = documents.map((document) => document.toJS() as Manifest);

/** The one manifest of that kind and name; it is a fault when there is none, or two. */
function one(kind: string, name: string): Manifest {
  const [found, ...more] = manifests.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (!found || more.length > 0) throw new Error(`not exactly one ${kind}/${name}`);
  return found;
}

const deployment = (name: string, container: object, pod: object = {}): object => ({
  metadata: { name, namespace: 'whooper' },
  spec: { template: { spec: { ...pod, containers: [container] } } },
});
const utilization = (name: string, averageUtilization: number): object => ({
  type: 'Resource',
  resource: { name, target: { type: 'Utilization', averageUtilization } },
});

describe('the manifests', () => {
  it('are the twelve of the document, in the namespace whooper', () => {
    const kinds = manifests.map(({ kind }) => kind);
    expect([...new Set(kinds)].sort()).toEqual([
      'ClusterRole',
      'ClusterRoleBinding',
      'ConfigMap',
      'Deployment',
      'HorizontalPodAutoscaler',
      'Ingress',
      'Namespace',
      'Secret',
      'Service',
      'ServiceAccount',
    ]);
    one('Namespace', 'whooper');
  });

  it('let the backend read pods, namespaces and events of the whole cluster, and write nothing', () => {
    one('ServiceAccount', 'whooper-backend');
    const { rules } = one('ClusterRole', 'whooper-pod-reader') as unknown as {
      rules: { resources: string[]; verbs: string[] }[];
    };
    expect(rules.flatMap(({ resources }) => resources).sort()).toEqual(['events', 'namespaces', 'pods']);
    expect(rules.flatMap(({ verbs }) => verbs).filter((verb) => !['get', 'list', 'watch'].includes(verb))).toEqual([]);
    expect(one('ClusterRoleBinding', 'whooper-pod-reader')).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'whooper-pod-reader' },
      subjects: [{ kind: 'ServiceAccount', name: 'whooper-backend', namespace: 'whooper' }],
    });
    expect(one('Deployment', 'whooper-backend')).toMatchObject({
      spec: { template: { spec: { serviceAccountName: 'whooper-backend' } } },
    });
  });

  it('carry the configuration and no value of a secret', () => {
    expect(one('ConfigMap', 'whooper-backend-config')).toMatchObject({
      data: { PORT: '5001', K8S_NAMESPACE: 'whooper' },
    });
    const secret = one('Secret', 'whooper-backend-secrets') as { data?: unknown; stringData?: unknown };
    expect([secret.data, secret.stringData]).toEqual([undefined, undefined]);
    expect(one('Deployment', 'whooper-backend')).toMatchObject(
      deployment('whooper-backend', {
        envFrom: [
          { configMapRef: { name: 'whooper-backend-config' } },
          { secretRef: { name: 'whooper-backend-secrets' } },
        ],
      }),
    );
  });

  it.each(['whooper-backend', 'whooper-frontend'])('%s: two replicas, rolled without one missing', (name) => {
    expect(one('Deployment', name)).toMatchObject({
      spec: { replicas: 2, strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0 } } },
    });
  });

  it('ask for and limit memory and CPU as the document says', () => {
    expect(one('Deployment', 'whooper-backend')).toMatchObject(
      deployment('whooper-backend', {
        resources: { requests: { memory: '256Mi', cpu: '200m' }, limits: { memory: '512Mi', cpu: '500m' } },
      }),
    );
    expect(one('Deployment', 'whooper-frontend')).toMatchObject(
      deployment('whooper-frontend', {
        resources: { requests: { memory: '128Mi', cpu: '100m' }, limits: { memory: '256Mi', cpu: '300m' } },
      }),
    );
  });

  it.each([
    ['whooper-backend', '/api/health'],
    ['whooper-frontend', '/health'],
  ])('%s is probed for liveness and readiness at %s', (name, path) => {
    const probe = { httpGet: { path, port: 'http' } };
    expect(one('Deployment', name)).toMatchObject(deployment(name, { livenessProbe: probe, readinessProbe: probe }));
  });

  it.each(['whooper-backend', 'whooper-frontend'])('%s runs without root and writes to no root filesystem', (name) => {
    const securityContext = {
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    };
    expect(one('Deployment', name)).toMatchObject(
      deployment(name, { securityContext }, { securityContext: { runAsNonRoot: true } }),
    );
  });

  it('serve both inside the cluster alone, and outside through the Ingress with TLS', () => {
    expect(one('Service', 'whooper-backend')).toMatchObject({ spec: { type: 'ClusterIP', ports: [{ port: 5001 }] } });
    expect(one('Service', 'whooper-frontend')).toMatchObject({ spec: { type: 'ClusterIP', ports: [{ port: 80 }] } });
    expect(one('Ingress', 'whooper')).toMatchObject({
      spec: {
        tls: [{ secretName: 'whooper-tls' }],
        rules: [
          {
            http: {
              paths: [
                { path: '/api', backend: { service: { name: 'whooper-backend' } } },
                { path: '/', backend: { service: { name: 'whooper-frontend' } } },
              ],
            },
          },
        ],
      },
    });
  });

  it('scale the backend from 2 to 10 and the page from 2 to 5', () => {
    expect(one('HorizontalPodAutoscaler', 'whooper-backend')).toMatchObject({
      spec: { minReplicas: 2, maxReplicas: 10, metrics: [utilization('cpu', 70), utilization('memory', 80)] },
    });
    expect(one('HorizontalPodAutoscaler', 'whooper-frontend')).toMatchObject({
      spec: { minReplicas: 2, maxReplicas: 5, metrics: [utilization('cpu', 70)] },
    });
  });

  it('take another namespace and host in staging', () => {
    expect(parse(text('environments/staging/kustomization.yaml'))).toMatchObject({
      namespace: 'whooper-staging',
      patches: expect.arrayContaining([
        { target: { kind: 'Ingress', name: 'whooper' }, patch: expect.stringContaining('/spec/rules/0/host') },
      ]),
    });
  });
});
