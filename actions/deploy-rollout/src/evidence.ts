import type { Context } from '@deploy-actions/core';
import {
  containersOf,
  type KubeClient,
  type Pod,
  readLog,
  refineByLog,
  type Subject,
  type Verdict,
} from '@deploy-actions/kubernetes';
import type { LogTail } from './result.ts';

const LOG_LINES = 500;
const SHOWN_LINES = 20;
/** Of a workload with a hundred replicas the first few tell all. */
const PODS = 5;

/** What was found, and the verdict with what only the logs tell. */
export interface Gathered {
  readonly verdict: Verdict | undefined;
  readonly tails: readonly LogTail[];
}

/**
 * Writes what shows why a rollout failed into the evidence folder, before anything is undone: pods.json, events.json, and the logs where
 * they may be shown. Logs are read in any case, since a foreign processor shows only there.
 */
export async function gather(
  client: KubeClient,
  found: { readonly subjects: readonly Subject[]; readonly verdict: Verdict | undefined },
  show: boolean,
  context: Context,
  signal: AbortSignal,
): Promise<Gathered> {
  const { subjects } = found;
  const pods = subjects.flatMap((subject) => [...subject.pods].sort(worstFirst(found.verdict)).slice(0, PODS));
  await context.evidence.write('pods.json', pods);
  await context.evidence.write(
    'events.json',
    subjects.flatMap((subject) => subject.events),
  );
  const tails = await Promise.all(pods.flatMap((pod) => logsOf(client, pod, show, context, signal)));
  const ordered = tails.flat().sort((a, b) => Number(concerns(b, found.verdict)) - Number(concerns(a, found.verdict)));
  const tail = ordered.find((entry) => concerns(entry, found.verdict));
  const verdict = found.verdict === undefined ? undefined : refineByLog(found.verdict, tail?.lines.join('\n') ?? '');
  return { verdict, tails: show ? ordered : [] };
}

function concerns(tail: LogTail, verdict: Verdict | undefined): boolean {
  return tail.pod === verdict?.pod && tail.container === verdict.container;
}

function worstFirst(verdict: Verdict | undefined): (a: Pod, b: Pod) => number {
  return (a, b) => Number(b.metadata.name === verdict?.pod) - Number(a.metadata.name === verdict?.pod);
}

function logsOf(
  client: KubeClient,
  pod: Pod,
  show: boolean,
  context: Context,
  signal: AbortSignal,
): Promise<LogTail[]>[] {
  return containersOf(pod).map(async ({ name, status }) => {
    const where = { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name, container: name };
    const started =
      status.state?.running !== undefined || status.state?.terminated !== undefined || status.restartCount > 0;
    if (!started) return [];
    const read = (previous: boolean) => readLog(client, where, { previous, lines: LOG_LINES }, signal);
    const [current, previous] = await Promise.all([read(false), status.restartCount > 0 ? read(true) : '']);
    if (show) {
      await context.evidence.write(`logs/${where.name}.${name}.log`, current);
      if (previous !== '') await context.evidence.write(`logs/${where.name}.${name}.previous.log`, previous);
    }
    // A container that has just been started again has said nothing yet.
    const text = (current.trim() === '' ? previous : current).trim();
    return text === '' ? [] : [{ pod: where.name, container: name, lines: text.split('\n').slice(-SHOWN_LINES) }];
  });
}
