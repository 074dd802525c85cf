import { type Readiness, readinessOf } from '../readiness.ts';
import type { Subject } from '../subject.ts';
import { admission } from './admission.ts';
import { configuration } from './configuration.ts';
import { crashes } from './crashes.ts';
import { containersOf, type Detector, type Finding, type Rules, type Verdict } from './finding.ts';
import { images } from './images.ts';
import { jobs } from './jobs.ts';
import { probes } from './probes.ts';
import { noProgress, progressDeadline } from './progress.ts';
import { scheduling } from './scheduling.ts';

/** Causes before their effects: what comes first names the reason when several things are wrong. */
const DETECTORS: readonly Detector[] = [admission, images, configuration, jobs, crashes, scheduling, probes];

/** What a workload is at one moment. */
export type Judgement =
  | { readonly state: 'ready' }
  | { readonly state: 'doomed'; readonly verdict: Verdict }
  | {
      readonly state: 'waiting';
      readonly readiness: Readiness;
      /** When to look again though nothing changed (epoch ms of the cluster); Infinity: never. */
      readonly until: number;
      /** A fault that is still tolerated, which is what to report if time runs out. */
      readonly suspicion: Verdict | undefined;
    };

/** Judges a workload: pure, from what the cluster shows and the cluster's time. `now` is epoch ms. */
export function judge(subject: Subject, rules: Rules, now: number): Judgement {
  const readiness = steadyReadiness(subject);
  if (readiness.ready) return { state: 'ready' };
  const findings = DETECTORS.flatMap((detect): readonly Finding[] => detect(subject, rules));
  const counted = findings.find((finding) => finding.from <= now);
  if (counted !== undefined) return { state: 'doomed', verdict: counted.verdict };
  const suspicion = findings[0]?.verdict;
  const deadline = progressDeadline(subject, rules);
  if (deadline <= now) return { state: 'doomed', verdict: suspicion ?? noProgress(subject) };
  return {
    state: 'waiting',
    readiness,
    until: Math.min(deadline, ...findings.map((finding) => finding.from)),
    suspicion,
  };
}

/**
 * A controller counts a pod as available the moment it runs, and hears of its end a little later: a program that dies at once would
 * pass for deployed. The pods themselves know better.
 */
function steadyReadiness(subject: Subject): Readiness {
  const readiness = readinessOf(subject.object);
  if (!readiness.ready || !['Deployment', 'StatefulSet', 'DaemonSet'].includes(subject.object.kind)) return readiness;
  const down = subject.pods
    .filter((pod) => pod.status?.phase !== 'Failed')
    .flatMap(containersOf)
    .find((view) => !view.isInit && !view.status.ready);
  return down === undefined
    ? readiness
    : { ready: false, because: `container ${down.name} of ${down.pod.metadata.name} is down` };
}
