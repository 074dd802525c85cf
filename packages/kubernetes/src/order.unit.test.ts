import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { phases } from './order.ts';

const order = (kinds: readonly string[]) => phases(kinds, (kind) => ({ kind }));
const before = (first: string, second: string) => {
  const found = order([second, first]);
  return found.findIndex((phase) => phase.includes(first)) < found.findIndex((phase) => phase.includes(second));
};

describe('what others refer to comes first', () => {
  test.each([
    ['Namespace', 'ConfigMap'],
    ['CustomResourceDefinition', 'Certificate'],
    ['ServiceAccount', 'RoleBinding'],
    ['Role', 'RoleBinding'],
    ['ClusterRole', 'ClusterRoleBinding'],
    ['ConfigMap', 'Deployment'],
    ['Secret', 'StatefulSet'],
    ['PersistentVolumeClaim', 'Deployment'],
    ['ResourceQuota', 'Deployment'],
    ['Service', 'Deployment'],
    ['Certificate', 'Deployment'],
    ['Deployment', 'HorizontalPodAutoscaler'],
    ['Deployment', 'Ingress'],
    ['Deployment', 'ValidatingWebhookConfiguration'],
  ])('%s before %s', (first, second) => {
    expect(before(first, second)).toBe(true);
  });
});

test('what does not depend on each other goes side by side', () => {
  expect(order(['Deployment', 'ConfigMap', 'StatefulSet', 'Secret'])).toEqual([
    ['ConfigMap', 'Secret'],
    ['Deployment', 'StatefulSet'],
  ]);
});

test('nothing is lost, nothing comes twice', () => {
  const kinds = fc.array(fc.constantFrom('Namespace', 'Deployment', 'Service', 'Unheard', 'Role', 'Ingress'));
  fc.assert(
    fc.property(kinds, (given) => {
      expect(order(given).flat().sort()).toEqual([...given].sort());
    }),
  );
});
