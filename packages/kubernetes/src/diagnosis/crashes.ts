import type { Subject } from '../subject.ts';
import {
  type ContainerView,
  containerField,
  containerKey,
  containersOf,
  type Detector,
  type Finding,
  type Rules,
  resourceName,
  type Verdict,
} from './finding.ts';
import { probeThatKills } from './probes.ts';

/** Pods that a node or the scheduler ended: their controller makes others, which is no fault of the release. */
const NOT_THEIR_FAULT =
  /^(Evicted|Preempting|Preempted|NodeLost|NodeShutdown|Shutdown|Terminated|NodeAffinity|UnexpectedAdmissionError)$/;

const NEVER_STARTED = /^(StartError|ContainerCannotRun)$/;

/** The exit of a container that ended, this time or the last. */
function lastEnd(view: ContainerView) {
  const { state, lastState } = view.status;
  return state?.terminated ?? (state?.running ? lastState?.terminated : undefined) ?? lastState?.terminated;
}

/** How often a container has ended since we began to look. */
function ends(view: ContainerView, rules: Rules): number {
  const { state, restartCount } = view.status;
  const before = rules.baseline.get(containerKey(view.pod, view.name)) ?? 0;
  const lies =
    state?.terminated !== undefined ||
    (state?.waiting !== undefined && view.status.lastState?.terminated !== undefined);
  return restartCount - before + (lies ? 1 : 0);
}

/** Containers that end more often than allowed. A Job's own `backoffLimit` counts for its pods: see jobs.ts. */
export const crashes: Detector = (subject, rules) => {
  if (subject.object.kind === 'Job') return [];
  return subject.pods.flatMap((pod) => {
    if (pod.status?.phase === 'Failed') return failedPod(subject, pod.status.reason ?? '', containersOf(pod));
    return containersOf(pod).flatMap((view): Finding[] => {
      const end = lastEnd(view);
      if (end === undefined || (view.isInit && end.exitCode === 0)) return [];
      const count = ends(view, rules);
      if (count === 0) return [];
      // What cannot even be started (no such program, another processor's) does not heal by being tried again.
      const impossible = NEVER_STARTED.test(end.reason ?? '');
      return [
        {
          about: pod.metadata.uid,
          from: impossible || count > rules.allowedRestarts ? 0 : Number.POSITIVE_INFINITY,
          verdict: crashVerdict(subject, view, count),
        },
      ];
    });
  });
};

function failedPod(subject: Subject, reason: string, views: readonly ContainerView[]): Finding[] {
  if (NOT_THEIR_FAULT.test(reason)) return [];
  const failed = views.find((view) => (lastEnd(view)?.exitCode ?? 0) !== 0);
  return failed === undefined
    ? []
    : [{ from: 0, about: failed.pod.metadata.uid, verdict: crashVerdict(subject, failed, 1) }];
}

/** What the end of a container means. Also for a Job's pods, whose verdict jobs.ts makes. */
export function crashVerdict(subject: Subject, view: ContainerView, count: number): Verdict {
  const end = lastEnd(view);
  const code = end?.exitCode ?? 0;
  const common = {
    resource: resourceName(subject.object),
    retryable: false,
    pod: view.pod.metadata.name,
    container: view.name,
    exitCode: code,
  };
  const who = `${view.isInit ? 'init container' : 'container'} ${view.name}`;
  const times = count === 1 ? 'once' : `${count} times`;
  if (end?.reason === 'OOMKilled') {
    const limit = view.spec?.resources?.limits?.memory;
    return {
      ...common,
      reason: 'out-of-memory',
      message: `${who} used more memory than its limit${limit === undefined ? '' : ` of ${limit}`} and was ended ${times}`,
      hint: 'raise resources.limits.memory, or find out what the program needs it for',
      field: containerField(subject.object, view, 'resources', 'limits', 'memory'),
    };
  }
  if (/exec format error/i.test(end?.message ?? ''))
    return wrongArchitecture({ ...common, message: '', reason: 'wrong-architecture', hint: '' }, who);
  const probe = probeThatKills(subject, view);
  if (probe !== undefined) {
    return {
      ...common,
      reason: 'probe-failing',
      message: `the ${probe.kind} probe of ${who} does not pass, so the kubelet ended it ${times}: ${probe.message}`,
      hint: "compare port and path of the probe with what the program serves, and the time it needs to start with the probe's patience",
      field: containerField(subject.object, view, `${probe.kind}Probe`),
    };
  }
  // What the runtime says. What the program says may be its log, which is not everybody's to read.
  const why = NEVER_STARTED.test(end?.reason ?? '') ? `: ${end?.message?.trim() ?? ''}` : '';
  const signal = code > 128 && code < 160 ? `, that is signal ${code - 128}` : '';
  return {
    ...common,
    reason: 'crash-loop',
    message: `${who} ended ${times} (exit code ${code}${signal})${why}`,
    hint:
      code === 0
        ? 'a container of this kind must keep running; its program ended by itself'
        : 'read the last lines of its log',
    field: containerField(subject.object, view),
  };
}

/**
 * A verdict made again with the log at hand: only there does a kernel's refusal to run a foreign program show.
 * @param log the end of the container's log
 */
export function refineByLog(verdict: Verdict, log: string): Verdict {
  if (verdict.reason !== 'crash-loop' || !/exec format error/i.test(log)) return verdict;
  return wrongArchitecture(verdict, `container ${verdict.container ?? ''}`);
}

function wrongArchitecture(verdict: Verdict, who: string): Verdict {
  return {
    ...verdict,
    reason: 'wrong-architecture',
    message: `${who} cannot run on this node's processor (exec format error, exit code ${verdict.exitCode ?? 0})`,
    hint: "build the image for the nodes' platform (`platforms`), or give a script its first line (#!/bin/sh)",
  };
}
