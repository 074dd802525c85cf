import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from './document.ts';
import { type System, splitTest } from './schema.ts';

/**
 * What the statements point at and the tree at `root` doesn't have: a file or folder that isn't there, a test file that
 * isn't there, a named test that isn't in it or is skipped.
 */
export function proofFaults(systems: readonly System[], root: string): Fault[] {
  return systems.flatMap((system, s) =>
    system.statements.flatMap((statement, i) => {
      const path = ['systems', s, 'statements', i];
      const faults: Fault[] = [];
      if ('file' in statement && statement.file !== undefined && !existsSync(join(root, statement.file))) {
        faults.push({ path: [...path, 'file'], message: `there is no ${statement.file}` });
      }
      const missing =
        'test' in statement && statement.test !== undefined ? missingTest(root, statement.test) : undefined;
      if (missing) faults.push({ path: [...path, 'test'], message: missing });
      return faults;
    }),
  );
}

function missingTest(root: string, reference: string): string | undefined {
  const { path, name } = splitTest(reference);
  const file = join(root, path);
  if (!existsSync(file) || !statSync(file).isFile()) return `there is no ${path}`;
  if (name === undefined) return undefined;
  const found = testNamed(readFileSync(file, 'utf8'), name);
  if (found === 'runs') return undefined;
  return found === 'skipped' ? `the test "${name}" of ${path} is skipped` : `${path} has no test "${name}"`;
}

/**
 * Looks for the name as the first argument of a call (`it('name', …)`, `it.each(table)('name', …)`), so that a mention in
 * a comment proves nothing.
 */
function testNamed(source: string, name: string): 'runs' | 'skipped' | 'absent' {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const calls = [...source.matchAll(new RegExp(`(\\.skip|\\.todo)?\\(\\s*(['"\`])${literal}\\2`, 'g'))];
  if (calls.length === 0) return 'absent';
  return calls.some(([, skipped]) => skipped === undefined) ? 'runs' : 'skipped';
}
