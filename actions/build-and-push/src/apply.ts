import { ActionError, type Context } from '@deploy-actions/core';
import type { Built } from './engines/engine.ts';
import type { Plan } from './plan.ts';
import { readImage, readManifest, type StoredImage } from './registry/registry.ts';
import type { RegistrySession } from './registry/session.ts';
import { openSession } from './session.ts';

/** What was built; `stored` is what the registry says it holds, by repository, and empty where nothing was pushed. */
export interface Result {
  readonly built: Built;
  readonly stored: Readonly<Record<string, StoredImage>>;
}

/** Builds and pushes, then reads back what the registry holds: only that is reported. */
export async function apply(plan: Plan, context: Context): Promise<Result> {
  const session = await openSession(plan.login, plan.loopback, context);
  context.onEnd(() => session.close());
  const built = await context.log.group(`${plan.engine.name}: ${plan.build.references[0]?.repository}`, () =>
    plan.engine.run(plan.build, session, context),
  );
  if (!plan.build.push) return { built, stored: {} };
  const stored: Record<string, StoredImage> = {};
  for (const registry of plan.sessions)
    stored[registry.reference.repository] = await verify(registry, built, plan, context);
  return { built, stored };
}

/** Throws `digest-mismatch` where the registry holds other bytes than the engine pushed, `wrong-architecture` where a platform is missing. */
async function verify(registry: RegistrySession, built: Built, plan: Plan, context: Context): Promise<StoredImage> {
  const { repository } = registry.reference;
  const tags = plan.build.references
    .filter((reference) => reference.repository === repository)
    .map((reference) => reference.tag ?? 'latest');
  const stored = await readImage(registry, built.digest ?? tags[0] ?? 'latest');
  if (built.digest !== undefined && stored.digest !== built.digest)
    throw mismatch(repository, `the digest ${stored.digest}`, built.digest);
  if (built.imageId !== undefined && stored.imageId !== built.imageId)
    throw mismatch(repository, `the config ${stored.imageId}`, built.imageId);
  const missing = plan.build.platforms.filter(
    (platform) => !(platform in stored.platforms) && !(platform.replace(/\/v8$/, '') in stored.platforms),
  );
  if (missing.length > 0) {
    throw new ActionError(
      'wrong-architecture',
      `${repository}@${stored.digest} is for ${Object.keys(stored.platforms).join(', ')}, and not for ${missing.join(', ')}`,
      {
        hint: 'look whether a FROM of the Dockerfile names a platform of its own',
      },
    );
  }
  for (const tag of tags) {
    const now = await readManifest(registry, tag);
    if (now?.digest !== stored.digest)
      context.log.warning(
        `${repository}:${tag} is ${now?.digest ?? 'gone'} by now: another run has pushed it; this release goes on with ${stored.digest}`,
      );
  }
  return stored;
}

function mismatch(repository: string, found: string, built: string): ActionError {
  return new ActionError('digest-mismatch', `${repository} holds ${found}, but ${built} was built`, {
    hint: 'look for a proxy or a mirror that rewrites images between this runner and the registry',
  });
}
