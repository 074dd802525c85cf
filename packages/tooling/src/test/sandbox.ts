import { execa } from 'execa';
import { ROOT } from '../repository.ts';

/** The sandbox that the tests share; the tests find it by this variable. */
const NAME = process.env.DEPLOY_ACTIONS_SANDBOX || 'test';

/** What a run of tests does about the shared sandbox; the tests themselves have it be up. */
export interface TestSandbox {
  /** Settled when all that the sandbox needs is fetched and compiled; a failure is shown here and again in the tests. */
  readonly prepared: Promise<void>;
  /** Ends the sandbox, unless it was up before: then someone else uses it. */
  end(): Promise<void>;
}

/**
 * Begins to prepare the sandbox at low priority, so that the tests which need none are not slowed down; after it, where
 * `workflows` run too, the engine that runs them.
 */
export async function prepareSandbox(workflows: boolean): Promise<TestSandbox> {
  const before = await execa('script/sandbox', ['status', '--name', NAME, '--json'], {
    cwd: ROOT,
    stdin: 'ignore',
    reject: false,
  });
  const wasUp = before.exitCode === 0 && before.stdout.trim() !== '{}';
  const prepared = shown('nice', ['script/sandbox', 'prepare']).then(async () => {
    if (workflows) await shown('nice', ['script/bootstrap', 'act']);
  });
  return {
    prepared,
    async end() {
      await prepared;
      if (!wasUp) await shown('script/sandbox', ['down', '--name', NAME]);
    },
  };
}

/** Runs a program whose progress (stderr) is shown. */
async function shown(program: string, args: readonly string[]): Promise<void> {
  const { exitCode } = await execa(program, args, {
    cwd: ROOT,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'inherit',
    reject: false,
  });
  if (exitCode !== 0) console.error(`${args.join(' ')} failed, see above`);
}
