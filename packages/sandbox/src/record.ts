import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from './sandbox.ts';

/** The description on file of a sandbox that is not made of cells, or null. @param state its folder. */
export function readRecord(state: string): Sandbox | null {
  const file = join(state, 'sandbox.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Sandbox) : null;
}

/** Puts the description of such a sandbox on file, in its own folder. */
export function writeRecord(sandbox: Sandbox): void {
  mkdirSync(sandbox.folder, { recursive: true });
  writeFileSync(join(sandbox.folder, 'sandbox.json'), JSON.stringify(sandbox, null, 2), { mode: 0o600 });
}
