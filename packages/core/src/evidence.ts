import { mkdirSync, readdirSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Redactor } from './redact.ts';

/** The step's folder of evidence files, which one upload-artifact takes. */
export interface Evidence {
  /** `$RUNNER_TEMP/deploy-actions/NN-ACTION`, NN counting the steps of this job. */
  readonly dir: string;
  /** Writes a file, redacted, 0600; `name` may hold folders (`logs/api.log`), an object becomes JSON. Yields the absolute path. */
  write(name: string, content: string | object): Promise<string>;
}

/** Makes the next folder below `home` (`$RUNNER_TEMP/deploy-actions`), or goes on in `existing`, the main step's. */
export function createEvidence(home: string, action: string, redactor: Redactor, existing?: string): Evidence {
  const dir = existing ?? nextFolder(home, action);
  return {
    dir,
    async write(name, content) {
      const path = join(dir, name);
      if (relative(dir, path).startsWith('..'))
        throw new Error(`the evidence file ${name} would lie outside of its folder`);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, redactor.redact(typeof content === 'string' ? content : asJson(content, redactor)), {
        mode: 0o600,
      });
      await chmod(path, 0o600);
      return path;
    },
  };
}

/** Redacted before it is JSON as well as after: a secret like `5432` or `true` must not leave a bare `***` where a number or a boolean was. */
function asJson(content: object, redactor: Redactor): string {
  const clean = (_: string, value: unknown) => {
    if (typeof value === 'string') return redactor.redact(value);
    if (['number', 'boolean'].includes(typeof value) && redactor.redact(String(value)) !== String(value)) return '***';
    return value instanceof Map ? Object.fromEntries(value) : value;
  };
  return `${JSON.stringify(content, clean, 2)}\n`;
}

function nextFolder(home: string, action: string): string {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const taken = readdirSync(home).map((name) => Number(/^(\d{2,})-/.exec(name)?.[1] ?? 0));
  for (let number = Math.max(0, ...taken) + 1; ; number += 1) {
    const dir = join(home, `${String(number).padStart(2, '0')}-${action}`);
    try {
      mkdirSync(dir, { mode: 0o700 });
      return dir;
    } catch (error) {
      // A background step of the same job may have taken it in this moment.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}
