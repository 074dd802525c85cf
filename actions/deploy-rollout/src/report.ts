import { asMarkdown, type Conclusion, fenced } from '@deploy-actions/core';
import { type PlannedChange, renderDiff, targetKey } from '@deploy-actions/kubernetes';
import type { Plan } from './plan.ts';
import { type Result, rollbackLine } from './result.ts';

/** What the step comes to: outputs, summary and the report's entry of this target. */
export function report(result: Result, plan: Plan): Conclusion {
  const { outcome, failure } = result;
  const good = outcome === 'succeeded' || outcome === 'unchanged';
  const target = {
    hash: plan.hash,
    namespace: plan.namespace,
    ...(good && plan.revision > 0 ? { revision: plan.revision } : {}),
    ...(plan.previous === undefined ? {} : { previous: plan.previous }),
  };
  return {
    outcome,
    ...(failure === undefined ? {} : { failure }),
    outputs: {
      revision: plan.revision > 0 ? String(plan.revision) : '',
      'previous-revision': plan.previous === undefined ? '' : String(plan.previous),
      'environment-url': plan.environmentUrl ?? '',
      ...(failure === undefined ? { resource: '', retryable: 'false' } : {}),
    },
    summary: [
      where(plan),
      asMarkdown(rollbackLine(result.rollback, plan.previous)),
      changesTable(plan.changes),
      tails(result),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
    ...(plan.applies ? { report: { targets: { [targetKey(plan.context, plan.namespace)]: target } } } : {}),
  };
}

/** What a dry run comes to: the plan as it was printed, validated by the API server. */
export function reportPlan(plan: Plan): Conclusion {
  return {
    outcome: 'unchanged',
    outputs: {
      revision: '',
      'previous-revision': plan.previous === undefined ? '' : String(plan.previous),
      'environment-url': plan.environmentUrl ?? '',
      resource: '',
      retryable: 'false',
    },
    summary: ['Validated by the API server, nothing was changed.', where(plan), changesTable(plan.changes)]
      .filter((part) => part !== '')
      .join('\n\n'),
  };
}

function where(plan: Plan): string {
  const revision = plan.revision > 0 && plan.applies ? `, revision ${plan.revision}` : '';
  return `Release \`${plan.release}\`${revision} in namespace \`${plan.namespace}\` of \`${plan.context}\``;
}

const WORDS: Readonly<Record<PlannedChange['kind'], string>> = {
  create: 'created',
  update: 'updated',
  unchanged: 'unchanged',
  left: 'left to sync-secrets',
};

function changesTable(changes: readonly PlannedChange[]): string {
  const changed = changes.filter((change) => change.kind === 'create' || change.kind === 'update');
  const others = changes.length - changed.length;
  if (changed.length === 0) return `All ${changes.length} objects are as they should be.`;
  const rows = changed.map((change) => {
    const fields = change.kind === 'update' ? renderDiff(change.fields).slice(0, 10).map(asMarkdown).join('<br>') : '';
    return `| ${asMarkdown(`${change.ref.kind}/${change.ref.name}`)} | ${WORDS[change.kind]} | ${fields} |`;
  });
  const rest = others === 0 ? '' : `\n\n${others} more are unchanged.`;
  return `| object | change | fields |\n|---|---|---|\n${rows.join('\n')}${rest}`;
}

function tails(result: Result): string {
  return result.tails
    .slice(0, 4)
    .map(
      (tail) =>
        `<details><summary>Log of ${asMarkdown(`${tail.pod}, ${tail.container}`)}</summary>\n\n${fenced(tail.lines.join('\n'))}\n\n</details>`,
    )
    .join('\n\n');
}
