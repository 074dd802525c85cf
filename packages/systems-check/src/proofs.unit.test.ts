import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proofFaults } from './proofs.ts';
import type { Statement, System } from './schema.ts';

const TEST = `
// an old case: 'never written'
it('answers', () => {});
it.each([1, 2])('counts to %i', () => {});
it(
  'is told on a line of its own (whole)',
  () => {},
);
it.skip('sleeps', () => {});
`;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'systems-check-'));
  mkdirSync(join(root, 'test'));
  writeFileSync(join(root, 'action.yml'), '');
  writeFileSync(join(root, 'test/a.test.ts'), TEST);
});
afterAll(() => rmSync(root, { recursive: true }));

const systemWith = (statement: Statement): System[] => [{ name: 's', title: 'S', seed: 's', statements: [statement] }];
const common = { id: 's-ci-01', area: 'ci-cd', quote: 'q' } as const;

const faultsOfMet = (file: string, test: string): string[] =>
  proofFaults(systemWith({ ...common, state: 'met', file, test }), root).map(({ message }) => message);

describe('what a statement points at', () => {
  it.each([
    'test/a.test.ts',
    'test/a.test.ts#answers',
    'test/a.test.ts#counts to %i',
    'test/a.test.ts#is told on a line of its own (whole)',
  ])('is there: %s', (test) => {
    expect(faultsOfMet('action.yml', test)).toEqual([]);
  });

  it('may be a folder as a file, but not as a test', () => {
    mkdirSync(join(root, 'folder.test.ts'));
    expect(faultsOfMet('test', 'folder.test.ts')).toEqual(['there is no folder.test.ts']);
  });

  it.each([
    ['nothing.yml', 'test/a.test.ts', 'there is no nothing.yml'],
    ['action.yml', 'test/b.test.ts', 'there is no test/b.test.ts'],
    ['action.yml', 'test/a.test.ts#sings', 'test/a.test.ts has no test "sings"'],
    ['action.yml', 'test/a.test.ts#answer', 'test/a.test.ts has no test "answer"'],
    ['action.yml', 'test/a.test.ts#never written', 'test/a.test.ts has no test "never written"'],
    ['action.yml', 'test/a.test.ts#sleeps', 'the test "sleeps" of test/a.test.ts is skipped'],
  ])('is missing: %s, %s', (file, test, message) => {
    expect(faultsOfMet(file, test)).toEqual([message]);
  });

  it('is looked for in a statement of any state, and the fault says where', () => {
    const partly: Statement = { ...common, state: 'partly', reason: 'r', file: 'gone', test: 'gone.test.ts' };
    const unproven: Statement = { ...common, state: 'not proven here', reason: 'r', file: 'gone' };
    const path = ['systems', 0, 'statements', 0];
    expect(proofFaults(systemWith(partly), root).map((fault) => fault.path)).toEqual([
      [...path, 'file'],
      [...path, 'test'],
    ]);
    expect(proofFaults(systemWith(unproven), root).map((fault) => fault.path)).toEqual([[...path, 'file']]);
    expect(proofFaults(systemWith({ ...common, state: 'outside', reason: 'r' }), root)).toEqual([]);
  });
});
