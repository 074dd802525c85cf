import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { clusterPlan, servicesPlan } from './cells.ts';
import type { CellPlan, Part } from './plan.ts';

const SANDBOX = { name: 'demo', state: '/state/demo', programs: '/cache/programs' };
const PORTS = { main: 21_000, nodePorts: { first: 21_050, last: 21_099 } };

function part(plan: CellPlan, name: string): Part {
  const found = plan.parts.find((candidate) => candidate.name === name);
  if (!found) {
    throw new Error(`no part ${name}`);
  }
  return found;
}

test('a part starts only after parts that come before it', () => {
  const { parts } = clusterPlan(SANDBOX, 'staging', PORTS, 20_000);
  for (const [index, { after }] of parts.entries()) {
    const before = parts.slice(0, index).map(({ name }) => name);
    expect(before).toEqual(expect.arrayContaining([...after]));
  }
});

test('the API server gives Services the ports that are published, and no others', () => {
  const plan = clusterPlan(SANDBOX, 'staging', PORTS, 20_000);
  expect(part(plan, 'kube-apiserver').command).toContain('--service-node-port-range=21050-21099');
  const published = plan.published.map(({ port }) => port);
  expect(published).toEqual([21_000, ...Array.from({ length: 50 }, (_, index) => 21_050 + index)]);
  expect(plan.published.at(-1)).toEqual({ port: 21_099, to: 'tcp:127.0.0.1:21099' });
});

test('the registry has one name outside and in every cluster', () => {
  const services = servicesPlan(SANDBOX, { ...PORTS, main: 20_000 });
  const cluster = clusterPlan(SANDBOX, 'staging', PORTS, 20_000);
  expect(cluster.imported).toEqual(services.published);
  const hosts = part(cluster, 'containerd').files['clusters/staging/registries/localhost:20000/hosts.toml'];
  expect(hosts).toContain('[host."http://localhost:20000"]');
});

test('the kubelet keeps its pods below the cgroup of the sandbox', () => {
  const { files } = part(clusterPlan(SANDBOX, 'staging', PORTS, 20_000), 'kubelet');
  expect(parse(files['clusters/staging/kubelet.yaml'] ?? '')).toMatchObject({
    kind: 'KubeletConfiguration',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: '/deploy-actions-sandbox/demo/staging',
    podLogsDir: '/run/sandbox/clusters/staging/pod-logs',
  });
});

test('nothing of a cluster lies outside of its own folder', () => {
  const { parts } = clusterPlan(SANDBOX, 'staging', PORTS, 20_000);
  for (const file of parts.flatMap(({ files }) => Object.keys(files))) {
    expect(file).toMatch(/^clusters\/staging\//);
  }
});
