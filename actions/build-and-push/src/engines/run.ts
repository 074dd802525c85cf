import { CommandError, type Context, type Secret } from '@deploy-actions/core';

/** Lines of an engine's output that are kept to tell why it failed. */
const KEPT_LINES = 500;

/** An engine ended badly. Not for the user: the engine's file turns it into a reason. */
export class EngineFailure extends Error {
  /** Its last lines, oldest first. */
  readonly lines: readonly string[];
  /** The line in which it says why. */
  readonly sentence: string;

  constructor(lines: readonly string[], cause: unknown) {
    const sentence = sentenceOf(lines);
    super(sentence, { cause });
    this.lines = lines;
    this.sentence = sentence;
  }
}

/** Runs an engine with its output in the log. Yields its lines. Throws {@link EngineFailure} where it exits with another code than 0. */
export async function runEngine(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | Secret>>,
  context: Context,
): Promise<readonly string[]> {
  const lines: string[] = [];
  try {
    await context.programs.run(program, args, {
      env,
      signal: context.signal,
      onLine: (line) => {
        lines.push(context.redactor.redact(line));
        if (lines.length > KEPT_LINES) lines.shift();
      },
    });
  } catch (error) {
    if (error instanceof CommandError && error.exitCode !== undefined) throw new EngineFailure(lines, error);
    throw error;
  }
  return lines;
}

/** The last line that says "error", without the engine's own trimmings; else the last line. */
function sentenceOf(lines: readonly string[]): string {
  const said =
    lines.findLast((line) => /^(Error|ERROR)[: ]/.test(line.trim())) ??
    lines.findLast((line) => line.trim() !== '') ??
    'no output';
  return said
    .trim()
    .replace(/^(Error|ERROR): /, '')
    .replace(/^(failed to build: )?failed to solve: /, '')
    .replace(/ &imagebuilder\.Step\{.*$/, '');
}
