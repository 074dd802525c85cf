import { arch } from 'node:os';
import type { ActionFile } from './action-file.ts';

/** What a run of a workflow is about. */
export interface RunFacts {
  readonly repository: string;
  readonly actor: string;
  readonly sha: string;
  readonly ref: string;
  readonly eventName: string;
  /** The event's payload, as GITHUB_EVENT_PATH holds it. */
  readonly event: unknown;
  readonly token: string;
}

export const EXAMPLE_RUN: RunFacts = {
  repository: 'acme/shop',
  actor: 'octocat',
  sha: '4f2c7a9be01d3856c2ab7f90e1d4c83a5b6d7e8f',
  ref: 'refs/heads/main',
  eventName: 'push',
  event: { repository: { private: true } },
  token: '',
};

/** Folders of one job, all below one temporary folder but for the workspace. */
export interface JobFolders {
  readonly workspace: string;
  readonly temp: string;
  readonly tools: string;
  readonly home: string;
  readonly eventFile: string;
}

/** The variables that every step gets (docs.github.com, "Variables reference"), and of this machine's own only PATH. */
export function runnerEnv(run: RunFacts, folders: JobFolders): Record<string, string> {
  return {
    CI: 'true',
    PATH: process.env.PATH ?? '',
    HOME: folders.home,
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: run.actor,
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_NAME: run.eventName,
    GITHUB_EVENT_PATH: folders.eventFile,
    GITHUB_JOB: 'deploy',
    GITHUB_REF: run.ref,
    GITHUB_REF_NAME: run.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    GITHUB_REF_TYPE: run.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_REPOSITORY: run.repository,
    GITHUB_REPOSITORY_OWNER: run.repository.split('/')[0] ?? '',
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_NUMBER: '1',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: run.sha,
    GITHUB_WORKFLOW: 'deploy',
    GITHUB_WORKSPACE: folders.workspace,
    RUNNER_ARCH: arch() === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'harness',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: folders.temp,
    RUNNER_TOOL_CACHE: folders.tools,
  };
}

/**
 * `INPUT_*` of a step: what is given, over the defaults of action.yml. Names as in @actions/core's getInput.
 * Unknown inputs are passed on, as GitHub does (it only warns).
 */
export function inputEnv(
  action: ActionFile,
  given: Readonly<Record<string, string>>,
  run: RunFacts,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, input] of Object.entries(action.inputs)) {
    env[variable(name)] = input.default === undefined ? '' : evaluate(input.default, run);
  }
  for (const [name, value] of Object.entries(given)) env[variable(name)] = value;
  return env;
}

/** All that a step of an example run gets, with no input given: for measuring. */
export function runnerVariables(action: ActionFile, folders: JobFolders): Record<string, string> {
  return { ...runnerEnv(EXAMPLE_RUN, folders), ...inputEnv(action, {}, EXAMPLE_RUN) };
}

function variable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

/** The few expressions that a default may hold. */
function evaluate(text: string, run: RunFacts): string {
  return text.replace(/\$\{\{\s*github\.([a-z_]+)\s*\}\}/g, (expression, name: string) => {
    const known: Record<string, string> = {
      actor: run.actor,
      repository: run.repository,
      sha: run.sha,
      ref: run.ref,
      token: run.token,
    };
    const value = known[name];
    if (value === undefined) throw new Error(`the harness does not know ${expression}`);
    return value;
  });
}
