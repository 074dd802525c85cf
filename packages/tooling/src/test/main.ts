import { parseArgs } from 'node:util';
import { CHECKS } from '../check/all.ts';
import { runChecks } from '../check/check.ts';
import { printChecked } from '../check/print.ts';
import { type Count, LAYERS, type Layer, needsSandbox, sum } from './layers.ts';
import { prepareSandbox } from './sandbox.ts';
import { hasTests, runLayer } from './vitest-layer.ts';

const USAGE = `script/test [${LAYERS.join('|')}] [filter] [--full]
  without a layer: script/check, then all of them; filter picks test files by a part of their path; --full adds what is slow`;
const CORES = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { full: { type: 'boolean', default: false }, help: { type: 'boolean' } },
});
const [first, second] = positionals;
const layer = LAYERS.find((name) => name === first);
const filter = layer === undefined ? first : second;
if (values.help) console.log(USAGE);
else await test(await chosenLayers(), layer === undefined && filter === undefined);

/** The layer named, or all; of these the ones in which the filter finds something. */
async function chosenLayers(): Promise<Layer[]> {
  const named = layer === undefined ? [...LAYERS] : [layer];
  if (filter === undefined) return named;
  const found = await Promise.all(named.map((name) => hasTests(name, filter)));
  return named.filter((_, at) => found[at]);
}

async function test(layers: readonly Layer[], withChecks: boolean): Promise<void> {
  // What the cluster's layers need is fetched and compiled while the others run, and gives way to them.
  const sandbox = layers.some(needsSandbox) ? await prepareSandbox(layers.includes('e2e')) : undefined;
  const lines: string[] = [];
  const counts: Count[] = [];
  if (withChecks) counts.push(await timed('check', lines, check));
  for (const name of layers) {
    if (needsSandbox(name)) await sandbox?.prepared;
    counts.push(
      await timed(name, lines, () => runLayer(name, filter, values.full ? { DEPLOY_ACTIONS_FULL: '1' } : {})),
    );
  }
  await sandbox?.end();
  const total = sum(counts);
  if (total.passed + total.failed === 0) console.log(`nothing matches '${filter ?? ''}'`);
  const failed = total.passed + total.failed === 0 ? 1 : total.failed;
  console.log(`\n${lines.join('\n')}`);
  console.log(`${total.passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

async function check(): Promise<Count> {
  const checked = await runChecks(CHECKS, CORES, printChecked);
  const failed = checked.filter((one) => one.faults.length > 0).length;
  return { passed: checked.length - failed, failed };
}

async function timed(name: string, lines: string[], work: () => Promise<Count>): Promise<Count> {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const count = await work();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  lines.push(`${name.padEnd(12)} ${count.passed} passed, ${count.failed} failed, ${seconds} s`);
  return count;
}
