import { type Readiness, readinessOf } from '../readiness.ts';
import type { Subject } from '../subject.ts';
import { admission } from './admission.ts';
import { configuration } from './configuration.ts';
import { crashes } from './crashes.ts';
import {
  type ContainerView,
  containersOf,
  type Detector,
  type Finding,
  type Rules,
  timeOf,
  type Verdict,
} from './finding.ts';
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
  const { readiness, until: steady } = steadyReadiness(subject, now);
  if (readiness.ready) return { state: 'ready' };
  const findings = DETECTORS.flatMap((detect): readonly Finding[] => detect(subject, rules));
  const from = ({ from: counts, about }: Finding) =>
    about !== undefined && subject.ailing.has(about) ? Math.max(counts, rules.patientUntil) : counts;
  const counted = findings.find((finding) => from(finding) <= now);
  if (counted !== undefined) return { state: 'doomed', verdict: counted.verdict };
  const suspicion = findings[0]?.verdict;
  const deadline = progressDeadline(subject, rules);
  if (deadline <= now) return { state: 'doomed', verdict: suspicion ?? noProgress(subject) };
  return {
    state: 'waiting',
    readiness,
    until: Math.min(deadline, steady, ...findings.map(from)),
    suspicion,
  };
}

/** Kinds whose pods are meant to keep running. */
const LASTING = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Pod']);
/** The kubelet hears of a container's end within a second or so, and times on the wire are cut to whole seconds. */
const UNPROBED_MS = 2_500;

/**
 * A container without a readiness or startup probe counts as ready the moment it runs, so a program that dies at once would pass for
 * deployed. The pods themselves know better: none may be down, and one that nothing probes must have lived for a moment.
 */
function steadyReadiness(subject: Subject, now: number): { readonly readiness: Readiness; readonly until: number } {
  const readiness = readinessOf(subject.object);
  const judged = { readiness, until: Number.POSITIVE_INFINITY };
  if (!readiness.ready || !LASTING.has(subject.object.kind)) return judged;
  const views = subject.pods
    .filter((pod) => pod.status?.phase === 'Running')
    .flatMap(containersOf)
    .filter((view) => !view.isInit);
  const down = views.find((view) => !view.status.ready);
  if (down !== undefined) {
    const because = `container ${down.name} of ${down.pod.metadata.name} is down`;
    return { ...judged, readiness: { ready: false, because } };
  }
  const steady = Math.max(0, ...views.map(steadyFrom));
  return steady <= now
    ? judged
    : { readiness: { ready: false, because: 'runs, and nothing probes it' }, until: steady };
}

function steadyFrom({ spec, status }: ContainerView): number {
  const probed = spec?.readinessProbe !== undefined || spec?.startupProbe !== undefined;
  return probed ? 0 : timeOf(status.state?.running?.startedAt) + UNPROBED_MS;
}
