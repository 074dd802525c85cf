import { conditionOf } from '../readiness.ts';
import type { Subject } from '../subject.ts';
import type { Finding } from './finding.ts';
import {
  type ContainerView,
  containerField,
  containersOf,
  type Detector,
  PULL_PATIENCE_MS,
  resourceName,
  timeOf,
} from './finding.ts';

type Fault = Pick<Finding['verdict'], 'reason' | 'hint' | 'retryable'> & { readonly words: string };

// What containerd, CRI-O and Docker write, told apart by the registry's answer inside.
const FAULTS: readonly (readonly [RegExp, Fault])[] = [
  [
    /toomanyrequests|rate limit|429 Too Many/i,
    {
      reason: 'image-denied',
      retryable: true,
      words: 'the registry limits how often it is asked',
      hint: 'sign in to the registry with an image pull secret, or run the step again later',
    },
  ],
  [
    /no match for platform|no matching manifest|does not match the specified platform/i,
    {
      reason: 'wrong-architecture',
      retryable: false,
      words: 'it holds no variant for the processor of the node',
      hint: "build it for the nodes' platform too (`platforms`)",
    },
  ],
  [
    /unauthorized|authorization failed|access denied|denied|40[13] |forbidden|insufficient_scope|authentication required/i,
    {
      reason: 'image-denied',
      retryable: false,
      words: 'the registry refused the pull',
      hint: 'give the pods an image pull secret (sync-secrets makes one), and check the name: registries deny what does not exist, too',
    },
  ],
  [
    /not found|manifest unknown|NotFound|404/i,
    {
      reason: 'image-not-found',
      retryable: false,
      words: 'there is no such image in the registry',
      hint: 'check name, tag and digest, and that the image was pushed before the rollout',
    },
  ],
];

const PASSING: Fault = {
  reason: 'error-network',
  retryable: true,
  words: 'the registry could not be reached from the node',
  hint: 'check that the nodes reach the registry, then run the step again',
};

/** Images that cannot be pulled. What a registry says for good counts at once, what may pass after a minute. */
export const images: Detector = (subject) =>
  subject.pods.flatMap((pod) =>
    containersOf(pod).flatMap((view): Finding[] => {
      const waiting = view.status.state?.waiting;
      switch (waiting?.reason) {
        case 'ErrImagePull':
        case 'ImagePullBackOff':
          return pullFault(subject, view, waiting.message ?? '');
        case 'InvalidImageName':
          return [
            at(
              subject,
              view,
              0,
              {
                reason: 'image-not-found',
                retryable: false,
                words: 'this is no valid image name',
                hint: 'correct the image in the manifest',
              },
              '',
            ),
          ];
        case 'ErrImageNeverPull':
          return [
            at(
              subject,
              view,
              0,
              {
                reason: 'image-not-found',
                retryable: false,
                words: 'it is not on the node, and imagePullPolicy is Never',
                hint: 'use IfNotPresent, or load the image onto the nodes',
              },
              '',
            ),
          ];
        default:
          return [];
      }
    }),
  );

function pullFault(subject: Subject, view: ContainerView, message: string): Finding[] {
  const said = message !== '' && !message.startsWith('Back-off') ? message : lastPullMessage(subject, view);
  if (said === '') return [];
  const fault = FAULTS.find(([pattern]) => pattern.test(said.replaceAll(view.spec?.image ?? '\0', '')))?.[1] ?? PASSING;
  const scheduled = timeOf(conditionOf(view.pod, 'PodScheduled')?.lastTransitionTime);
  return [at(subject, view, fault === PASSING ? scheduled + PULL_PATIENCE_MS : 0, fault, said)];
}

/** While it backs off, the kubelet tells only that; why stands in the event before. */
function lastPullMessage(subject: Subject, view: ContainerView): string {
  const about = subject.events.filter(
    (event) =>
      event.involvedObject.uid === view.pod.metadata.uid &&
      event.reason === 'Failed' &&
      /pull/i.test(event.message ?? ''),
  );
  return about.at(-1)?.message ?? '';
}

function at(subject: Subject, view: ContainerView, from: number, fault: Fault, said: string): Finding {
  const image = view.spec?.image ?? view.status.image;
  return {
    from,
    about: view.pod.metadata.uid,
    verdict: {
      reason: fault.reason,
      resource: resourceName(subject.object),
      message: `container ${view.name} cannot get its image ${image}: ${fault.words}${said === '' ? '' : ` (${shorten(said)})`}`,
      hint: fault.hint,
      retryable: fault.retryable,
      pod: view.pod.metadata.name,
      container: view.name,
      field: containerField(subject.object, view, 'image'),
    },
  };
}

/** The runtime wraps the registry's words three times; the last part has them. */
function shorten(message: string): string {
  const parts = message.split(/: (?=failed to|rpc error|code = )/);
  const last = parts.at(-1) ?? message;
  return last.length > 300 ? `…${last.slice(-300)}` : last;
}
