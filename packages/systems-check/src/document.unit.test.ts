import { describe, expect, it } from 'vitest';
import { readSystems } from './document.ts';

const statement = (over: Record<string, string | undefined> = {}): string => {
  const entry = {
    id: 'shop-ci-01',
    area: 'ci-cd',
    quote: 'Push to main',
    state: 'not yet',
    reason: 'the pipeline workflow',
    ...over,
  };
  return `      - ${JSON.stringify(entry)}\n`;
};

const systemOf = (statements: string, name = 'shop'): string =>
  `  - name: ${name}\n    title: Shop\n    seed: A shop\n    statements:\n${statements}`;

const faultsOf = (text: string): string[] => {
  const document = readSystems(text);
  return document.faults.map((fault) => document.describe(fault));
};

const documentOf = (...statements: string[]): string => `systems:\n${systemOf(statements.join(''))}`;

describe('a good document', () => {
  it.each([
    ['met', { reason: undefined, file: 'action.yml', test: 'test/a.test.ts#says so' }],
    ['partly', { file: 'actions/deploy/src', reason: 'one case is missing' }],
    ['partly', { file: 'action.yml', reason: 'one case is missing', test: 'test/a.test.ts' }],
    ['not yet', { reason: 'rollback' }],
    ['not proven here', { reason: 'needs a real AWS', file: '.github/workflows/a.yml' }],
    ['outside', { reason: "the owner's affair" }],
  ])('may hold a statement that is %s: %o', (state, keys) => {
    expect(faultsOf(documentOf(statement({ state, ...keys })))).toEqual([]);
  });

  it('gives back its systems with their statements', () => {
    const { systems } = readSystems(documentOf(statement(), statement({ id: 'shop-ci-02' })));
    expect(systems.map(({ name, statements }) => [name, statements.map(({ id }) => id)])).toEqual([
      ['shop', ['shop-ci-01', 'shop-ci-02']],
    ]);
  });
});

describe('the keys of a state', () => {
  it.each([
    ['met without a file', { state: 'met', reason: undefined, test: 'a.test.ts' }, '"met" needs "file"'],
    ['met without a test', { state: 'met', reason: undefined, file: 'a' }, '"met" needs "test"'],
    ['met with a reason', { state: 'met', file: 'a', test: 'a.test.ts' }, '"met" takes no "reason"'],
    ['partly without a file', { state: 'partly' }, '"partly" needs "file"'],
    ['partly without a reason', { state: 'partly', file: 'a', reason: undefined }, '"partly" needs "reason"'],
    ['not yet without a reason', { reason: undefined }, '"not yet" needs "reason"'],
    ['not yet with a file', { file: 'a' }, '"not yet" takes no "file"'],
    ['not proven here without a reason', { state: 'not proven here', reason: undefined }, 'needs "reason"'],
    ['not proven here with a test', { state: 'not proven here', test: 'a.test.ts' }, 'takes no "test"'],
    ['outside without a reason', { state: 'outside', reason: undefined }, '"outside" needs "reason"'],
    ['outside with a test', { state: 'outside', test: 'a.test.ts' }, '"outside" takes no "test"'],
    ['an unknown key', { notes: 'x' }, '"not yet" takes no "notes"'],
    ['an empty reason', { reason: ' ' }, 'must not be empty'],
    ['an empty quote', { quote: '' }, 'must not be empty'],
    ['an unknown state', { state: 'done' }, 'state must be one of met, partly, not yet, not proven here, outside'],
    ['an unknown area', { area: 'cost' }, 'must be one of deployment, ci-cd, health'],
  ])('%s is a fault', (_, keys, message) => {
    expect(faultsOf(documentOf(statement(keys)))).toEqual([expect.stringContaining(message)]);
  });
});

describe('paths', () => {
  const withFile = (file: string): string[] => faultsOf(documentOf(statement({ state: 'partly', file })));
  const withTest = (test: string): string[] =>
    faultsOf(documentOf(statement({ state: 'met', reason: undefined, file: 'a', test })));

  it.each(['examples/shop', '.github/workflows/pipeline.yml', 'script/demo'])('%s is a file', (file) => {
    expect(withFile(file)).toEqual([]);
  });

  it.each(['/etc/passwd', '../elsewhere', 'a/../../b', './a', 'a//b', 'a b'])('%s is no file', (file) => {
    expect(withFile(file)).toEqual([expect.stringContaining('must be a path inside the repository')]);
  });

  it.each(['test/e2e/shop.test.ts', 'packages/core/src/a.unit.test.ts#is whole'])('%s is a test', (test) => {
    expect(withTest(test)).toEqual([]);
  });

  it.each(['test/shop.ts', 'script/demo', '/a.test.ts', 'a.test.ts#'])('%s is no test', (test) => {
    expect(withTest(test)).toEqual([expect.stringContaining('must be the path of a .test.ts file')]);
  });
});

describe('names and ids', () => {
  it('an id given twice is a fault, with its line', () => {
    expect(faultsOf(documentOf(statement(), statement()))).toEqual(['7: shop-ci-01: the id is there twice']);
  });

  it.each(['shop-deploy-01', 'store-ci-01', 'shop-ci-1', 'shop-ci-one', 'shop-ci-01b'])(
    '%s is no id of shop and ci-cd',
    (id) => {
      expect(faultsOf(documentOf(statement({ id })))).toEqual([`6: ${id}: the id must be shop-ci- and two digits`]);
    },
  );

  it('a system given twice is a fault', () => {
    const text = `systems:\n${systemOf(statement())}${systemOf(statement({ id: 'shop-ci-02' }))}`;
    expect(faultsOf(text)).toEqual(['7: shop is there twice']);
  });

  it('two systems of different names are none', () => {
    const text = `systems:\n${systemOf(statement())}${systemOf(statement({ id: 'store-ci-01' }), 'store')}`;
    expect(faultsOf(text)).toEqual([]);
  });

  it('a name is in kebab-case', () => {
    expect(faultsOf(`systems:\n${systemOf(statement(), 'The Shop')}`)).toEqual(['2: must be in kebab-case']);
  });
});

describe('a document that is none', () => {
  it.each([
    ['broken YAML', 'systems: [', /^1: /],
    ['a key given twice', 'systems: []\nsystems: []\n', /unique/],
    ['nothing', '', /^1: /],
    ['no systems', 'systems: []', /must not be empty/],
    ['no statements', 'systems:\n  - { name: a, title: A, seed: s, statements: [] }\n', /^2: must not be empty/],
    ['a system without a title', 'systems:\n  - { name: a, seed: s, statements: 1 }\n', /a system needs "title"/],
    ['an unknown key', `other: 1\n${documentOf(statement())}`, /the document takes no "other"/],
  ])('%s is a fault', (_, text, message) => {
    const document = readSystems(text);
    expect(document.systems).toEqual([]);
    expect(document.faults.map((fault) => document.describe(fault))).toContainEqual(expect.stringMatching(message));
  });

  it('all faults are reported together, each with its line', () => {
    const text = documentOf(statement({ state: 'met' }), statement({ id: 'shop-ci-02', area: 'cost' }));
    expect(faultsOf(text)).toEqual([
      '6: shop-ci-01: "met" needs "file"',
      '6: shop-ci-01: "met" needs "test"',
      '6: shop-ci-01: "met" takes no "reason"',
      expect.stringContaining('7: shop-ci-02: must be one of'),
    ]);
  });
});
