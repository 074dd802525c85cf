import { ActionError, CommandError, type Context } from '@deploy-actions/core';
import { buildah } from './buildah.ts';
import { type BuildxProgram, hasBuilder } from './builder.ts';
import { buildx } from './buildx.ts';
import type { Engine, EngineName } from './engine.ts';

type Surroundings = Pick<Context, 'programs' | 'signal'>;

const PROGRAMS: readonly BuildxProgram[] = [
  { command: 'docker', start: ['buildx'] },
  { command: 'buildx', start: [] },
];

/**
 * The engine asked for, or what is there: buildx with a builder that answers, else buildah.
 * Throws ActionError `error-tool` where there is none.
 */
export async function findEngine(
  wanted: EngineName | undefined,
  builder: string | undefined,
  context: Surroundings,
): Promise<Engine> {
  let silent: BuildxProgram | undefined;
  for (const program of wanted === 'buildah' ? [] : PROGRAMS) {
    if (!(await answers(program, context))) continue;
    if (await hasBuilder(program, builder, context)) return buildx(program);
    silent = program;
  }
  if (wanted !== 'buildx' && (await context.programs.which('buildah')) !== undefined) return buildah;
  const builderName = builder === undefined ? 'no builder' : `no builder "${builder}"`;
  const lacking = silent === undefined ? `buildx is not on this machine` : `buildx has ${builderName} that answers`;
  throw new ActionError(
    'error-tool',
    wanted === 'buildah' ? NO_BUILDAH : wanted === 'buildx' ? lacking : `${lacking}, and ${NO_BUILDAH}`,
    {
      hint: 'use docker/setup-buildx-action before this step, or install buildah (`apt-get install buildah`)',
    },
  );
}

const NO_BUILDAH = 'buildah is not on this machine';

async function answers(program: BuildxProgram, context: Surroundings): Promise<boolean> {
  if ((await context.programs.which(program.command)) === undefined) return false;
  try {
    await context.programs.run(program.command, [...program.start, 'version'], { quiet: true, signal: context.signal });
    return true;
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}
