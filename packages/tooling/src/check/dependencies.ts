import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { ROOT } from '../repository.ts';
import type { Check } from './check.ts';

const names = v.optional(v.record(v.string(), v.string()), {});
const packageFile = v.object({ dependencies: names, devDependencies: names });
const lockFile = v.object({ packages: v.record(v.string(), packageFile) });
const OWN = '@deploy-actions/';

/**
 * Every dependency is pinned to one version, locked, and has its line in docs/dependencies.md; no line is left of one that went.
 */
export const dependencies: Check = {
  name: 'dependencies',
  async run() {
    const described = describedIn(await readFile(join(ROOT, 'docs/dependencies.md'), 'utf8'));
    const { packages: locked } = v.parse(lockFile, JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')));
    const used = new Set<string>();
    const faults: string[] = [];
    for await (const path of glob(['package.json', '{packages,actions}/*/package.json'], { cwd: ROOT })) {
      const file = v.parse(packageFile, JSON.parse(await readFile(join(ROOT, path), 'utf8')));
      if (!isDeepStrictEqual(locked[dirname(path).replace(/^\.$/, '')], file)) {
        faults.push(`package-lock.json does not fit ${path}: run npm install and commit it`);
      }
      for (const [name, version] of Object.entries({ ...file.dependencies, ...file.devDependencies })) {
        if (name.startsWith(OWN)) continue;
        used.add(name);
        if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
          faults.push(`${path}: ${name} is pinned to no exact version: ${version}`);
      }
    }
    for (const name of used) if (!described.has(name)) faults.push(`docs/dependencies.md has no line for ${name}`);
    for (const name of described)
      if (!used.has(name)) faults.push(`docs/dependencies.md describes ${name}, which nothing uses`);
    return faults.sort();
  },
};

/** The packages that the tables under headings with "npm" in them describe: the code words in the first cell of each row. */
function describedIn(text: string): ReadonlySet<string> {
  const sections = text.split(/^## /m).filter((section) => /npm/.test(section.split('\n')[0] ?? ''));
  const cells = sections.flatMap((section) => [...section.matchAll(/^\| *([^|]+?) *\|/gm)].map((row) => row[1] ?? ''));
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((word) => word[1] ?? '')));
}
