import { expect, it } from 'vitest';
import { bundle } from './bundle.ts';

it('keeps every document byte for byte, with the line that it was written on', () => {
  const text = `# one
apiVersion: v1 # c
kind: ConfigMap
metadata: { name: a }
# end of a
---
# two
kind: ConfigMap
metadata: { name: b }
data:
  x: |
    ---
    keep
...
---
{"kind":"ConfigMap","metadata":{"name":"c"}}
---
# nothing
`;
  expect(bundle([{ file: 'k8s/a.yaml', text }], new Map())).toBe(`---
# source: k8s/a.yaml:2
# one
apiVersion: v1 # c
kind: ConfigMap
metadata: { name: a }
# end of a
---
# source: k8s/a.yaml:8
# two
kind: ConfigMap
metadata: { name: b }
data:
  x: |
    ---
    keep
---
# source: k8s/a.yaml:16
{"kind":"ConfigMap","metadata":{"name":"c"}}
`);
});

it('tells where an object of a kustomization was written, where that is known', () => {
  const text = 'kind: ConfigMap\nmetadata:\n  name: a\n---\nkind: ConfigMap\nmetadata:\n  name: generated\n';
  expect(bundle([{ file: 'k8s/overlays/staging', text }], new Map([['ConfigMap/a', 'k8s/base/a.yaml:3']]))).toBe(
    '---\n# source: k8s/base/a.yaml:3\nkind: ConfigMap\nmetadata:\n  name: a\n---\nkind: ConfigMap\nmetadata:\n  name: generated\n',
  );
});
