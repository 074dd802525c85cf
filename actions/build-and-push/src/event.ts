import { readFile } from 'node:fs/promises';
import type { Context } from '@deploy-actions/core';
import * as v from 'valibot';
import type { GitFacts } from './git.ts';

const optionalText = v.nullish(v.string());

/** The part of GitHub's event that tags and labels are made from. https://docs.github.com/webhooks/webhook-events-and-payloads */
const event = v.looseObject({
  number: v.nullish(v.number()),
  base_ref: optionalText,
  head_commit: v.nullish(v.looseObject({ timestamp: optionalText })),
  pull_request: v.nullish(v.looseObject({ base: v.looseObject({ ref: v.string() }) })),
  repository: v.nullish(
    v.looseObject({
      name: optionalText,
      description: optionalText,
      html_url: optionalText,
      default_branch: optionalText,
      license: v.nullish(v.looseObject({ spdx_id: optionalText })),
    }),
  ),
});

/** What the runner knows of the commit. An event that is missing or odd only leaves facts out: act and other runners send little. */
export async function readGitFacts(context: Pick<Context, 'env' | 'runner' | 'log'>, now: Date): Promise<GitFacts> {
  const { runner, env } = context;
  const payload = await readEvent(context);
  const { repository } = payload;
  const pullRequest =
    runner.event === 'pull_request_target' && payload.number ? `refs/pull/${payload.number}/merge` : undefined;
  const server = env.GITHUB_SERVER_URL || 'https://github.com';
  return {
    event: runner.event ?? '',
    ref: pullRequest ?? runner.ref ?? '',
    commit: runner.commit ?? '',
    baseRef: (env.GITHUB_BASE_REF || payload.pull_request?.base.ref || payload.base_ref || '').replace(
      /^refs\/heads\//,
      '',
    ),
    defaultBranch: repository?.default_branch ?? '',
    now: now.toISOString(),
    committedAt: payload.head_commit?.timestamp ?? undefined,
    repository: {
      name: repository?.name ?? runner.repository?.split('/')[1],
      description: repository?.description ?? undefined,
      url: repository?.html_url ?? (runner.repository === undefined ? undefined : `${server}/${runner.repository}`),
      licence: repository?.license?.spdx_id ?? undefined,
    },
  };
}

async function readEvent({ env, log }: Pick<Context, 'env' | 'log'>): Promise<v.InferOutput<typeof event>> {
  if (!env.GITHUB_EVENT_PATH) return {};
  try {
    return v.parse(event, JSON.parse(await readFile(env.GITHUB_EVENT_PATH, 'utf8')));
  } catch (error) {
    log.debug(`the event could not be read: ${error}`);
    return {};
  }
}
