import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import * as v from 'valibot';
import { ROOT } from '../repository.ts';
import type { Count, Layer } from './layers.ts';

/** What we read of vitest's JSON report. */
const report = v.object({
  testResults: v.array(
    v.object({
      name: v.string(),
      status: v.string(),
      assertionResults: v.array(v.object({ status: v.string() })),
    }),
  ),
});

/**
 * Runs one layer with its output shown, and counts. A file that fails without a failing test (it cannot be imported, a hook
 * throws) counts as one failure; so does a layer that ran nothing, unless a filter was given, and a run that ended badly
 * though every test passed (an error that no test caught).
 */
export async function runLayer(layer: Layer, filter: string | undefined, env: Record<string, string>): Promise<Count> {
  const json = join(ROOT, 'build/test', `${layer}.json`);
  await rm(json, { force: true });
  const args = [
    'run',
    '--project',
    layer,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${json}`,
    '--passWithNoTests',
  ];
  const { exitCode } = await execa('node_modules/.bin/vitest', filter === undefined ? args : [...args, filter], {
    cwd: ROOT,
    env,
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
    reject: false,
  });
  const count = countReport(await readFile(json, 'utf8').catch(() => '{"testResults":[]}'));
  const ranNothing = count.passed + count.failed === 0;
  if (count.failed === 0 && (exitCode !== 0 || (ranNothing && filter === undefined))) return { ...count, failed: 1 };
  return count;
}

/** True where a test file of the layer has `filter` in its path. */
export async function hasTests(layer: Layer, filter: string): Promise<boolean> {
  const args = ['list', '--filesOnly', '--project', layer, filter];
  const { stdout } = await execa('node_modules/.bin/vitest', args, { cwd: ROOT, stdin: 'ignore', reject: false });
  return stdout.includes('.test.ts');
}

/** Counts the tests of a report of vitest in JSON. */
export function countReport(json: string): Count {
  const files = v.parse(report, JSON.parse(json)).testResults;
  const tests = files.flatMap((file) => file.assertionResults);
  const failed = tests.filter((test) => test.status === 'failed').length;
  const brokenFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  return { passed: tests.filter((test) => test.status === 'passed').length, failed: failed + brokenFiles };
}
