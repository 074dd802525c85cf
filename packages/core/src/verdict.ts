import type { Conclusion } from './action.ts';
import { type ActionError, CommandError, type Place } from './errors.ts';
import type { Outcome } from './outcome.ts';
import { REASONS } from './reasons.ts';

const MARKS: Readonly<Record<Outcome, string>> = {
  succeeded: '✅',
  unchanged: '☑️',
  failed: '❌',
  'timed-out': '⌛',
  cancelled: '🚫',
};
const WORDS: Readonly<Record<Outcome, string>> = {
  succeeded: 'succeeded',
  unchanged: 'changed nothing',
  failed: 'failed',
  'timed-out': 'timed out',
  cancelled: 'was cancelled',
};

/** The verdict as one sentence of the log: `deploy-rollout failed (crash-loop): … — next: …`. */
export function verdictLine(action: string, { outcome, failure }: Conclusion, seconds: number): string {
  if (failure === undefined) return `${action} ${WORDS[outcome]} in ${seconds} s`;
  const next = failure.message.includes('\n') ? `\nnext: ${failure.hint}` : ` — next: ${failure.hint}`;
  return `${action} ${WORDS[outcome]} (${failure.reason}): ${failure.message}${next}`;
}

/** The job summary's text: the verdict first (what, where, why, what to do), then the action's own part. */
export function verdictMarkdown(action: string, conclusion: Conclusion, seconds: number): string {
  const { outcome, failure, summary } = conclusion;
  const code = failure === undefined ? '' : `: \`${failure.reason}\``;
  const parts = [`### ${MARKS[outcome]} ${action} ${WORDS[outcome]}${code}`];
  if (failure === undefined) parts.push(`${seconds} s`);
  else parts.push(facts(failure, seconds), lastLines(failure));
  return `${[...parts, summary.trim()].filter((part) => part !== '').join('\n\n')}\n`;
}

function facts(failure: ActionError, seconds: number): string {
  const where = whereOf(failure.place);
  return [
    `- **What:** ${asMarkdown(failure.message)}`,
    ...(where === '' ? [] : [`- **Where:** ${where}`]),
    `- **Why:** ${REASONS[failure.reason]}`,
    `- **Next:** ${asMarkdown(failure.hint)}`,
    `- **After:** ${seconds} s`,
  ].join('\n');
}

function whereOf({ file, line, resource, container }: Place): string {
  const inFile = file === undefined ? undefined : `\`${file}${line === undefined ? '' : `:${line}`}\``;
  const inCluster =
    resource === undefined
      ? undefined
      : `\`${resource}\`${container === undefined ? '' : `, container \`${container}\``}`;
  return [inCluster, inFile].filter((part) => part !== undefined).join(', ');
}

function lastLines(failure: ActionError): string {
  if (!(failure instanceof CommandError) || failure.output.length === 0) return '';
  return `<details><summary>Last lines of the program</summary>\n\n${fenced(failure.output.join('\n'))}\n\n</details>`;
}

/** Other people's text as a block in which nothing is Markdown; the fence is longer than any in the text. */
export function fenced(text: string, language = 'text'): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

/** Other people's text within a line of Markdown: no tags, no line breaks, no table cells. */
export function asMarkdown(text: string): string {
  return text
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('|', '\\|')
    .replace(/\r?\n */g, '<br>');
}
