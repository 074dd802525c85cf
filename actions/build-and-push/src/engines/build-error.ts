import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { ActionError, CommandError, type Context, type Place } from '@deploy-actions/core';
import { lineOfBase, lineOfInstruction } from '../dockerfile.ts';
import type { BuildRequest } from './engine.ts';
import { registryFault } from './registry-faults.ts';
import type { EngineFailure } from './run.ts';

const SHOWN_LINES = 20;

/**
 * Why a build failed: `build-failed` with the failing instruction's line where it can be told and the last lines of the output,
 * or `error-network`, `error-auth` where a base image could not be fetched for a reason that isn't the build's.
 */
export async function buildError(
  failure: EngineFailure,
  build: BuildRequest,
  context: Pick<Context, 'runner'>,
): Promise<ActionError> {
  const dockerfile = await readFile(build.file, 'utf8').catch(() => '');
  const text = failure.lines.join('\n');
  const place: Place = { file: relative(context.runner.workspace, build.file), ...lineIn(dockerfile, text) };
  const fetching =
    failure.sentence.includes('registry') ||
    /failed to resolve source metadata|failed to do request|initializing source/.test(failure.sentence);
  const fault = fetching ? registryFault(failure.sentence) : undefined;
  if (fault?.kind === 'unauthorized' || fault?.kind === 'unreachable' || fault?.kind === 'passing') {
    return new ActionError(
      fault.kind === 'unauthorized' ? 'error-auth' : 'error-network',
      `a base image could not be fetched: ${failure.sentence}`,
      {
        hint:
          fault.kind === 'unauthorized'
            ? 'sign in to the registry of the base image before this step'
            : 'look whether the registry of the base image can be reached from this runner; the step can be run again',
        place,
        retryable: fault.kind !== 'unauthorized',
        cause: failure,
      },
    );
  }
  const exitCode = exitOf(failure.sentence);
  return new CommandError('build-failed', `the build failed: ${failure.sentence}`, {
    hint: hintFor(failure.sentence),
    place,
    ...(exitCode === undefined ? {} : { exitCode }),
    output: failure.lines.slice(-SHOWN_LINES),
    cause: failure,
  });
}

/** BuildKit names file and line; buildah repeats the instruction, or the base image it wanted. */
function lineIn(dockerfile: string, output: string): { line?: number } {
  const named =
    /^[^\s:]*(?:Dockerfile|Containerfile)[^\s:]*:(\d+)\s*$/m.exec(output)?.[1] ??
    /parse error on line (\d+)/.exec(output)?.[1];
  if (named !== undefined) return { line: Number(named) };
  const steps = [/building at STEP "([\s\S]*?)":/, /Original:"([^"]*)"/].map(
    (expression) => expression.exec(output)?.[1],
  );
  const base = /initializing source docker:\/\/(\S+?):? /.exec(output)?.[1];
  const copied = /(COPY --from=\S+)/.exec(output)?.[1];
  const line =
    steps
      .map((step) => (step === undefined ? undefined : lineOfInstruction(dockerfile, step)))
      .find((found) => found !== undefined) ??
    (base === undefined ? undefined : lineOfBase(dockerfile, base)) ??
    (copied === undefined ? undefined : onlyLineWith(dockerfile, copied));
  return line === undefined ? {} : { line };
}

function onlyLineWith(dockerfile: string, words: string): number | undefined {
  const lines = dockerfile.split('\n').flatMap((line, at) => (line.includes(words) ? [at + 1] : []));
  return lines.length === 1 ? lines[0] : undefined;
}

function exitOf(sentence: string): number | undefined {
  const code = /exit (?:code|status):? (\d+)/.exec(sentence)?.[1];
  return code === undefined ? undefined : Number(code);
}

function hintFor(sentence: string): string {
  if (/exec format error/.test(sentence))
    return 'the builder cannot run programs of this platform: set up QEMU (docker/setup-qemu-action), or cross-compile from `FROM --platform=$BUILDPLATFORM`';
  if (
    /no such file or directory|not found/.test(sentence) &&
    /COPY|ADD|checking on sources|failed to calculate checksum/.test(sentence)
  ) {
    return 'look whether the path is inside `context` and not left out by .dockerignore';
  }
  return 'look at the last lines of the output above; the same build fails on your machine';
}
