import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { demo } from './demo.ts';
import { picture } from './picture.ts';
import { brokenPromises } from './result.ts';
import { printLine } from './screen.ts';

const USAGE = `script/demo [--keep] [--picture FILE]
  deploys examples/whooper to two clusters on this machine, then has a broken commit refused and put back;
  the last line is its result as JSON, and the exit status is 0 when all of it came true

  --keep          leave the clusters up (end them with script/sandbox down --name demo)
  --picture FILE  also draw the run as an SVG`;

const { values } = parseArgs({
  options: {
    keep: { type: 'boolean', default: false },
    picture: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

/** Runs the demo and yields the exit status. */
async function run(): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
  }
  const folder = await mkdtemp(join(tmpdir(), 'deploy-actions-demo-'));
  try {
    const { result, transcript } = await demo({ folder, keep: values.keep, write: printLine, signal: stop.signal });
    const broken = brokenPromises(result);
    for (const sentence of broken) printLine(`script/demo: ${sentence}`);
    if (values.picture !== undefined) await writeFile(values.picture, picture('script/demo', transcript));
    printLine(JSON.stringify(result));
    return broken.length === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (values.help) {
  console.log(USAGE);
} else {
  try {
    process.exitCode = await run();
  } catch (error) {
    console.error(`script/demo: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
