import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Runner } from './context.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the step runs, from the runner's variables (docs.github.com, "Default environment variables"); usable outside of a workflow too. */
export function readRunner(env: Env): Runner {
  const server = env.GITHUB_SERVER_URL || 'https://github.com';
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  return {
    workspace: resolve(env.GITHUB_WORKSPACE || process.cwd()),
    temp: resolve(env.RUNNER_TEMP || tmpdir()),
    repository: repository || undefined,
    actor: env.GITHUB_ACTOR || undefined,
    commit: env.GITHUB_SHA || undefined,
    ref: env.GITHUB_REF || undefined,
    event: env.GITHUB_EVENT_NAME || undefined,
    runUrl:
      repository && run
        ? `${server}/${repository}/actions/runs/${run}/attempts/${env.GITHUB_RUN_ATTEMPT || '1'}`
        : undefined,
    isPrivate: readVisibility(env.GITHUB_EVENT_PATH),
  };
}

/** All our files of a job, which one upload-artifact takes. */
export function homeOf(runner: Runner): string {
  return join(runner.temp, 'deploy-actions');
}

/** `repository.private` of the event; not every event has it, and act sends none. */
function readVisibility(eventPath: string | undefined): boolean | undefined {
  if (!eventPath || !existsSync(eventPath)) return undefined;
  try {
    const event: unknown = JSON.parse(readFileSync(eventPath, 'utf8'));
    const repository =
      typeof event === 'object' && event !== null && 'repository' in event ? event.repository : undefined;
    const visibility =
      typeof repository === 'object' && repository !== null && 'private' in repository ? repository.private : undefined;
    return typeof visibility === 'boolean' ? visibility : undefined;
  } catch {
    return undefined;
  }
}
