import type { Checked } from './check.ts';

/** One line a check, and below it what is wrong. */
export function printChecked({ name, faults, seconds }: Checked): void {
  console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)`);
  for (const fault of faults) console.log(fault.replaceAll(/^/gm, '     '));
}
