import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Context } from '@deploy-actions/core';
import type { Plan } from './plan.ts';

/** Writes the manifests into the workspace (k8s-deploy reads nothing outside of it), readable to this user alone. */
export async function apply(plan: Plan, context: Pick<Context, 'runner'>): Promise<Plan> {
  const path = join(context.runner.workspace, plan.path);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, plan.text.reveal(), { mode: 0o600 });
  await chmod(path, 0o600);
  return plan;
}
