import { ActionError, CommandError, type Context } from '@deploy-actions/core';
import type { KustomizeProgram } from './program.ts';

/**
 * What `kustomize build` makes of a folder. Its output is kept out of the log: it may hold generated Secrets.
 * Throws ActionError `invalid-manifest` with kustomize's own words; `shown` is the folder as the user wrote it.
 */
export async function buildKustomization(
  program: KustomizeProgram,
  folder: string,
  shown: string,
  context: Pick<Context, 'programs' | 'signal' | 'log' | 'runner'>,
): Promise<string> {
  const said: string[] = [];
  try {
    const { stdout } = await context.programs.run(program.command, [...program.args, folder], {
      quiet: true,
      signal: context.signal,
      onLine: (line, stream) => {
        if (stream === 'stderr') said.push(line);
      },
    });
    for (const line of said.filter((text) => /warning/i.test(text)))
      context.log.warning(`${shown}: ${line.replace(/^#?\s*/, '')}`);
    return stdout;
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode === undefined) throw error;
    const sentence = (said.findLast((line) => /error/i.test(line)) ?? said.at(-1) ?? error.message)
      .replace(/^Error: /, '')
      .replaceAll(folder, shown)
      .replaceAll(`${context.runner.workspace}/`, '');
    const file = /([\w./-]+\.ya?ml)/.exec(sentence)?.[1];
    throw new ActionError('invalid-manifest', `${shown}: ${sentence}`, {
      hint: `run \`kustomize build ${shown}\` on your machine: it says the same`,
      ...(file === undefined ? {} : { place: { file } }),
      cause: error,
    });
  }
}
