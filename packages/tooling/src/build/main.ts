import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { renderReadmes } from '../docs/tables.ts';
import { findActions, ROOT } from '../repository.ts';
import { run } from '../run.ts';
import { build } from './build.ts';
import { weigh, weightsTable } from './weights.ts';

const USAGE = `script/build [--out DIR] [--weights] | --docs
  makes dist from the sources: one bundle, an entry for each action
  --out DIR   into DIR instead
  --weights   prints what each package weighs in it
  --docs      makes the tables in the actions' READMEs and the report's schema anew instead`;

const flag = { type: 'boolean', default: false } as const;
const { values } = parseArgs({ options: { out: { type: 'string' }, weights: flag, docs: flag, help: flag } });
if (values.help) console.log(USAGE);
else if (values.docs) await makeDocs();
else await makeDist(resolve(values.out ?? join(ROOT, 'dist')), values.weights);

async function makeDocs(): Promise<void> {
  await run(process.execPath, ['packages/core/src/report/write-json-schema.ts'], { cwd: ROOT });
  await run('node_modules/.bin/biome', ['format', '--write', 'docs'], { cwd: ROOT });
  for (const path of await renderReadmes(await findActions(), false)) console.log(`made ${relative(ROOT, path)} anew`);
}

async function makeDist(out: string, weights: boolean): Promise<void> {
  const started = performance.now();
  const { entries, stats } = await build({ out });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${relative(process.cwd(), out)}: ${entries.length} entries in ${seconds} s`);
  if (weights) console.log(weightsTable(await weigh(stats, out)));
}
