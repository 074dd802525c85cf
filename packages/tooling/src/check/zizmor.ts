import { access, glob, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE } from '../cache.ts';
import { ROOT } from '../repository.ts';
import { run, tryRun } from '../run.ts';
import type { Check } from './check.ts';

const VERSION = '1.32.0';

/** zizmor at its strictest for users (`pedantic`), offline, over our workflows, the examples' and every action.yml. */
export const zizmor: Check = {
  name: 'zizmor',
  async run() {
    const paths: string[] = [];
    const files = [
      '.github/workflows/*.{yml,yaml}',
      'examples/**/.github/workflows/*.{yml,yaml}',
      'actions/*/action.yml',
      'action.yml',
    ];
    for await (const path of glob(files, { cwd: ROOT, exclude: (name) => name.includes('node_modules') }))
      paths.push(path);
    const args = [
      '--offline',
      '--persona',
      'pedantic',
      '--no-progress',
      '--color',
      'never',
      '--config',
      '.github/zizmor.yml',
      '--strict-collection',
    ];
    const { exitCode, output } = await tryRun(await install(), [...args, ...paths.sort()], { cwd: ROOT });
    return exitCode === 0 ? [] : [output.trimEnd()];
  },
};

/** Path of the program, installed into the cache folder the first time. */
async function install(): Promise<string> {
  const folder = join(CACHE, `zizmor-${VERSION}`);
  const program = join(folder, 'bin/zizmor');
  const there = await access(program).then(
    () => true,
    () => false,
  );
  if (!there) {
    await mkdir(CACHE, { recursive: true });
    await run('python3', ['-m', 'venv', '--clear', folder], { cwd: ROOT });
    await run(join(folder, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', `zizmor==${VERSION}`], {
      cwd: ROOT,
    });
  }
  return program;
}
