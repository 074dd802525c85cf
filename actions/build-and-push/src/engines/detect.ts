import { ActionError, CommandError, type Context } from '@deploy-actions/core';
import { buildah } from './buildah.ts';
import { type BuildxProgram, hasBuilder } from './builder.ts';
import { buildx } from './buildx.ts';
import type { Engine, EngineName } from './engine.ts';

const PROGRAMS: readonly BuildxProgram[] = [
  { command: 'docker', start: ['buildx'] },
  { command: 'buildx', start: [] },
];

/**
 * The engine asked for, or what is there: buildx with a builder that answers, else buildah.
 * Throws ActionError `error-tool` where neither is.
 */
export async function findEngine(
  wanted: EngineName | undefined,
  builder: string | undefined,
  context: Pick<Context, 'programs' | 'signal'>,
): Promise<Engine> {
  if (wanted !== 'buildah') {
    for (const program of PROGRAMS) {
      if ((await answers(program, context)) && (wanted === 'buildx' || (await hasBuilder(program, builder, context))))
        return buildx(program);
    }
  }
  if (wanted !== 'buildx' && (await context.programs.which('buildah')) !== undefined) return buildah;
  const what = wanted ?? 'neither buildx with a builder that answers nor buildah';
  throw new ActionError(
    'error-tool',
    wanted === undefined ? `${what} is on this machine` : `the engine ${what} is not on this machine`,
    {
      hint: 'use docker/setup-buildx-action before this step, or install buildah (`apt-get install buildah`)',
    },
  );
}

async function answers(program: BuildxProgram, context: Pick<Context, 'programs' | 'signal'>): Promise<boolean> {
  if ((await context.programs.which(program.command)) === undefined) return false;
  try {
    await context.programs.run(program.command, [...program.start, 'version'], { quiet: true, signal: context.signal });
    return true;
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}
