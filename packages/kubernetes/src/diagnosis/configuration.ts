import type { Subject } from '../subject.ts';
import {
  type ContainerView,
  containerField,
  containersOf,
  createdAt,
  type Detector,
  type Finding,
  type Rules,
  resourceName,
} from './finding.ts';

/** The kubelet's own cache is late: it says so, and tries again. */
const PASSING = /failed to sync \w+ cache|timed out waiting for the condition/;
const MISSING =
  /(configmap|secret)s? "([^"]+)" not found|couldn't find key (\S+) in (ConfigMap|Secret) (\S+)|references non-existent (config|secret) key: (\S+)/i;

/** ConfigMaps, Secrets and keys that do not exist, and containers that the runtime cannot make. */
export const configuration: Detector = (subject, rules) => [
  ...subject.pods.flatMap((pod) => containersOf(pod).flatMap((view) => uncreated(subject, view, rules))),
  ...unmounted(subject, rules),
];

function uncreated(subject: Subject, view: ContainerView, rules: Rules): Finding[] {
  const waiting = view.status.state?.waiting;
  const message = waiting?.message ?? '';
  const common = {
    resource: resourceName(subject.object),
    retryable: false,
    pod: view.pod.metadata.name,
    container: view.name,
    field: containerField(subject.object, view),
  };
  switch (waiting?.reason) {
    case 'CreateContainerConfigError': {
      if (PASSING.test(message)) return [];
      const from = patience(createdAt(view.pod), rules);
      return [
        {
          from,
          about: view.pod.metadata.uid,
          verdict: {
            ...common,
            reason: 'config-missing',
            message: `container ${view.name} cannot be made: ${message}`,
            hint: hintFor(message),
          },
        },
      ];
    }
    case 'CreateContainerError':
    case 'RunContainerError':
    case 'StartError': {
      if (PASSING.test(message)) return [];
      const foreign = /exec format error/i.test(message);
      return [
        {
          from: 0,
          about: view.pod.metadata.uid,
          verdict: {
            ...common,
            reason: foreign ? 'wrong-architecture' : 'crash-loop',
            message: `container ${view.name} cannot be started: ${message}`,
            hint: foreign
              ? "build the image for the nodes' platform (`platforms`)"
              : 'check command, args and mounts of the container: the program named may not be in the image',
          },
        },
      ];
    }
    default:
      return [];
  }
}

/** A volume from a ConfigMap or Secret that does not exist keeps its pod in ContainerCreating; only an event tells why. */
function unmounted(subject: Subject, rules: Rules): Finding[] {
  return subject.events.flatMap((event): Finding[] => {
    const message = event.message ?? '';
    if (event.reason !== 'FailedMount' || !MISSING.test(message) || PASSING.test(message)) return [];
    const pod = subject.pods.find((candidate) => candidate.metadata.uid === event.involvedObject.uid);
    if (pod === undefined || containersOf(pod).some((view) => view.status.state?.running !== undefined)) return [];
    return [
      {
        from: patience(createdAt(pod), rules),
        about: pod.metadata.uid,
        verdict: {
          reason: 'config-missing',
          resource: resourceName(subject.object),
          message: `pod ${pod.metadata.name} cannot mount a volume: ${message}`,
          hint: hintFor(message),
          retryable: false,
          pod: pod.metadata.name,
        },
      },
    ];
  });
}

function patience(created: number, rules: Rules): number {
  return rules.missingConfigMs === 0 ? 0 : created + rules.missingConfigMs;
}

function hintFor(message: string): string {
  if (/secret/i.test(message))
    return 'make the Secret first, for example with sync-secrets, and check its name, keys and namespace';
  return 'add the ConfigMap or its key to the manifests, and check name and namespace';
}
