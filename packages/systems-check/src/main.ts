// node packages/systems-check/src/main.ts [--check]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runSystems } from './run.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const { ok, lines } = runSystems(join(import.meta.dirname, '../../..'), values.check);
for (const line of lines) (ok ? console.log : console.error)(line);
process.exitCode = ok ? 0 : 1;
