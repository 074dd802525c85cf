import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../repository.ts';
import { run, tryRun } from '../run.ts';
import type { Check } from './check.ts';

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
    const program = join(await run('script/bootstrap', ['zizmor'], { cwd: ROOT }), 'zizmor');
    const { exitCode, output } = await tryRun(program, [...args, ...paths.sort()], { cwd: ROOT });
    return exitCode === 0 ? [] : [output.trimEnd()];
  },
};
