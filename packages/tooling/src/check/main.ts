import { parseArgs } from 'node:util';
import { CHECKS } from './all.ts';
import { runChecks } from './check.ts';
import { printChecked } from './print.ts';

const USAGE = `script/check [NAME…]
  keeps the rules of the repository; NAME picks those whose names hold it: ${CHECKS.map((check) => check.name).join(', ')}`;
const CORES = 2;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
const chosen = CHECKS.filter(
  (check) => positionals.length === 0 || positionals.some((name) => check.name.includes(name)),
);
if (values.help || chosen.length === 0) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 1;
} else {
  const checked = await runChecks(chosen, CORES, printChecked);
  process.exitCode = checked.every((one) => one.faults.length === 0) ? 0 : 1;
}
