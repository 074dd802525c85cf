import type { Context } from '@deploy-actions/core';
import { applyObject, BUILT_IN, connect } from '@deploy-actions/kubernetes';
import type { Inputs } from './inputs.ts';
import type { Plan } from './plan.ts';

/** Writes what the plan says changes. @throws ActionError where the API server refuses */
export async function apply(plan: Plan, inputs: Inputs, context: Context): Promise<undefined> {
  const client = await connect(inputs, context);
  const { signal } = context;
  const { missingNamespace, manager } = plan;
  if (missingNamespace !== undefined) {
    await applyObject(client, BUILT_IN.Namespace, missingNamespace.object, {
      manager: missingNamespace.manager,
      force: false,
      dryRun: false,
      signal,
    });
    context.log.info(`Namespace/${plan.namespace}: created`);
  }
  // One after the other: where one is refused, those after it are untouched and the log shows which.
  for (const { kind, object, force } of plan.changes) {
    if (kind === 'unchanged') continue;
    await applyObject(client, BUILT_IN.Secret, object, { manager, force, dryRun: false, signal });
    context.log.info(`Secret/${object.metadata.name}: ${kind === 'create' ? 'created' : 'updated'}`);
  }
}
