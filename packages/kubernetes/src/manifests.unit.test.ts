import { describe, expect, test } from 'vitest';
import { parseManifests } from './manifests.ts';

const parse = (text: string, file = 'k8s/app.yaml') => parseManifests([{ file, text }]);
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';

test('documents, Lists and JSON become objects; empty documents and comments are dropped', () => {
  const list = `apiVersion: v1\nkind: List\nitems:\n  - ${CONFIG_MAP.replace('name: a', 'name: b').replaceAll('\n', '\n    ')}`;
  const manifests = parse(`# head\n---\n${CONFIG_MAP}---\n---\n# nothing\n---\n${list}`);
  expect(manifests.map(({ object }) => object.metadata.name)).toEqual(['a', 'b']);
  expect(manifests.map(({ place }) => place)).toEqual([
    { file: 'k8s/app.yaml', line: 3 },
    { file: 'k8s/app.yaml', line: 13 },
  ]);
  expect(parse('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"j"}}', 'a.json')).toHaveLength(1);
});

test('values are those that kubectl reads', () => {
  const [manifest] = parse(
    `${CONFIG_MAP}spec: { mode: 0755, octal: 0o17, word: yes, on: on, time: 12:30:45, date: 2024-01-01, text: "0755", float: 1.5 }\n`,
  );
  expect(manifest?.object.spec).toEqual({
    mode: 493,
    octal: 15,
    word: true,
    true: true,
    time: '12:30:45',
    date: '2024-01-01',
    text: '0755',
    float: 1.5,
  });
});

test('anchors and merge keys are resolved', () => {
  const [manifest] = parse(`${CONFIG_MAP}x: &base { a: 1, b: 2 }\nother: { <<: *base, b: 3 }\n`);
  expect(manifest?.object.other).toEqual({ a: 1, b: 3 });
});

describe('places', () => {
  const text = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  template:
    spec:
      containers:
        - name: api
          image: nginx
        - name: side
          image: busybox
`;
  const [manifest] = parse(text);
  test.each([
    [['spec', 'template', 'spec', 'containers', 0, 'image'], 10],
    [['spec', 'template', 'spec', 'containers', 1, 'image'], 12],
    // Not there: the deepest part that is.
    [['spec', 'template', 'spec', 'containers', 1, 'livenessProbe', 'exec'], 11],
    [[], 1],
  ])('%j is on line %i', (path, line) => {
    expect(manifest?.placeOf(path)).toEqual({ file: 'k8s/app.yaml', line });
  });

  test('a rendered document says where it came from', () => {
    expect(parse(`---\n# source: base/api.yaml:7\n${CONFIG_MAP}`)[0]?.source).toEqual({
      file: 'base/api.yaml',
      line: 7,
    });
    expect(parse(CONFIG_MAP)[0]?.source).toBeUndefined();
  });
});

describe('faults name file and line', () => {
  test.each([
    ['no YAML', 'apiVersion: v1\nkind: [\n', /k8s\/app\.yaml:\d: not valid YAML/],
    ['a key twice', 'apiVersion: v1\nkind: A\nkind: B\n', /k8s\/app\.yaml:3: not valid YAML: .*unique/],
    ['no apiVersion', 'kind: A\nmetadata: { name: a }\n', /:1: apiVersion is missing/],
    ['no kind', 'apiVersion: v1\nmetadata: { name: a }\n', /:1: kind is missing/],
    ['no name', 'apiVersion: v1\nkind: A\nmetadata: {}\n', /:1: metadata\.name of this A is missing/],
    [
      'a name that is no text',
      'apiVersion: v1\nkind: A\nmetadata: { name: 1 }\n',
      /metadata\.name of this A is missing or no text/,
    ],
    ['a bare value', 'just a text\n', /no Kubernetes object but a single value/],
    [
      'an object twice',
      `${CONFIG_MAP}---\n${CONFIG_MAP}`,
      /:5: ConfigMap\/a is there twice, first at k8s\/app\.yaml:1/,
    ],
  ])('%s', (_, text, says) => {
    expect(() => parse(text)).toThrow(says);
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ reason: 'invalid-manifest', place: expect.objectContaining({ file: 'k8s/app.yaml' }) }),
    );
  });

  test('the same name in two namespaces, or of two kinds, is two objects', () => {
    const other = CONFIG_MAP.replace('name: a', 'name: a, namespace: x');
    expect(parse(`${CONFIG_MAP}---\n${other}---\n${CONFIG_MAP.replace('ConfigMap', 'Secret')}`)).toHaveLength(3);
  });

  test('a template that was not rendered is told', () => {
    expect(() => parse('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  {{- include "labels" . }}\n')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('template') }),
    );
  });
});
