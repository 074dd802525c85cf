import { ROOT } from '../repository.ts';
import { tryRun } from '../run.ts';
import type { Check } from './check.ts';

/** A check that a program makes: it passes where the program ends with 0, else its output is what is wrong. */
export function programCheck(name: string, program: string, args: readonly string[]): Check {
  return {
    name,
    async run() {
      const { exitCode, output } = await tryRun(program, args, { cwd: ROOT });
      return exitCode === 0 ? [] : [output.trimEnd()];
    },
  };
}

export const style = programCheck('format and lint', 'node_modules/.bin/biome', ['check', '--error-on-warnings', '.']);
export const types = programCheck('types', 'node_modules/.bin/tsc', ['--project', '.']);
export const systems = programCheck('docs/systems.yaml', process.execPath, [
  'packages/systems-check/src/main.ts',
  '--check',
]);
