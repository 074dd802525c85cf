import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../run.ts';

/**
 * Turns the TypeScript that the entries reach into JavaScript below `out`, laid out as the sources are, in such a way
 * that packages find each other there: a package.json that names the emitted files, and node_modules/@deploy-actions/NAME.
 */
export async function emit(root: string, out: string): Promise<void> {
  await rm(out, { recursive: true, force: true });
  await run('node_modules/.bin/tsc', ['--project', 'tsconfig.build.json', '--outDir', out], { cwd: root });
  await writeFile(join(out, 'package.json'), '{ "type": "module" }\n');
  const scope = join(out, 'node_modules/@deploy-actions');
  await mkdir(scope, { recursive: true });
  for (const name of await readdir(join(out, 'packages'))) {
    const source = await readFile(join(root, 'packages', name, 'package.json'), 'utf8');
    // Nothing runs on import (house rule), so the bundler may leave out whatever an action does not use.
    const emitted = { ...JSON.parse(source.replaceAll(/(\.\/src\/[^"]+)\.ts"/g, '$1.js"')), sideEffects: false };
    await writeFile(join(out, 'packages', name, 'package.json'), JSON.stringify(emitted));
    await symlink(join('../../packages', name), join(scope, name));
  }
  await declareToolkitPure(root, out);
}

/**
 * Copies GitHub's toolkit with the statement that its modules do nothing on import, which is so but which its package.json files lack.
 * With it the bundler leaves out @actions/core's OIDC client, and with that undici, from the start of every action: 60 of 75 ms CPU.
 */
async function declareToolkitPure(root: string, out: string): Promise<void> {
  const from = join(root, 'node_modules/@actions');
  for (const name of await readdir(from)) {
    const copy = join(out, 'node_modules/@actions', name);
    await cp(join(from, name), copy, { recursive: true });
    const declared = JSON.parse(await readFile(join(copy, 'package.json'), 'utf8'));
    await writeFile(join(copy, 'package.json'), JSON.stringify({ ...declared, sideEffects: false }));
  }
}
