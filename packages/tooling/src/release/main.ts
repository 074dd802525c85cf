import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findActions, ROOT } from '../repository.ts';
import { assembleRelease } from './assemble.ts';
import { releaseFaults } from './inspect.ts';

const USAGE = `script/release [--out DIR]
  assembles the tree that users download at a tag from dist and the actions; DIR is made anew (build/release)`;

const { values } = parseArgs({ options: { out: { type: 'string' }, help: { type: 'boolean' } } });
if (values.help) {
  console.log(USAGE);
} else {
  const out = resolve(values.out ?? join(ROOT, 'build/release'));
  await assembleRelease(ROOT, await findActions(), out);
  const faults = await releaseFaults(out);
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
  console.log(out);
}
