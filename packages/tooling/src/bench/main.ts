import { parseArgs } from 'node:util';
import type { Bench, Measurement } from './bench.ts';
import { table } from './bench.ts';
import { coldStart } from './cold-start.ts';
import { releaseSize } from './release-size.ts';

const BENCHES: readonly Bench[] = [coldStart, releaseSize];
const USAGE = `script/bench NAME… [--json]
  prints ours beside the peer, run in turn, medians; lower is better; with --json one object a line
${BENCHES.map((bench) => `  ${bench.name.padEnd(14)} ${bench.about}`).join('\n')}`;

const flag = { type: 'boolean', default: false } as const;
const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: flag, help: flag } });
const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (values.help || positionals.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) console.error(`no bench is called ${unknown.join(', ')}`);
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 1;
} else {
  for (const bench of BENCHES.filter(({ name }) => positionals.includes(name))) await print(bench);
}

async function print(bench: Bench): Promise<void> {
  const measurements: Measurement[] = [];
  for await (const one of bench.run()) {
    if (values.json) console.log(JSON.stringify(one));
    else measurements.push(one);
  }
  if (!values.json) console.log(`${bench.name}: ${bench.about}\n\n${table(measurements)}\n`);
}
