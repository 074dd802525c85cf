import { asMarkdown, type Conclusion } from '@deploy-actions/core';
import { targetKey } from '@deploy-actions/kubernetes';
import { describe, type Plan } from './plan.ts';

/** What the step comes to. */
export function report(_result: undefined, plan: Plan): Conclusion {
  const changed = plan.changes.some((change) => change.kind !== 'unchanged');
  return {
    outcome: changed ? 'succeeded' : 'unchanged',
    outputs: { 'secret-name': names(plan), changed: String(changed) },
    summary: summary(plan),
    report: { targets: { [targetKey(plan.context, plan.namespace)]: { namespace: plan.namespace } } },
  };
}

/** What a dry run comes to. */
export function reportPlan(plan: Plan): Conclusion {
  const summaryText = `Validated by the API server, nothing was changed.\n\n${summary(plan)}`;
  return { outcome: 'unchanged', outputs: { 'secret-name': names(plan), changed: 'false' }, summary: summaryText };
}

function names(plan: Plan): string {
  return plan.changes.map((change) => change.object.metadata.name).join(',');
}

function summary(plan: Plan): string {
  return describe(plan)
    .map((line) => (line.startsWith(' ') ? `  - ${asMarkdown(line.trim())}` : `- ${asMarkdown(line)}`))
    .join('\n');
}
