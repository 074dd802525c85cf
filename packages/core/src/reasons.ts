/**
 * Every reason code with what it means, in one sentence. The codes are part of the public interface: they may grow, never change.
 * A code that begins with `error-` means "could not tell"; any other is a verdict on the release.
 */
export const REASONS = {
  'error-input': 'An input is missing, malformed, unknown or contradicts another.',
  'error-auth': 'The other side did not accept who we are, or what we may do.',
  'error-network': 'The other side could not be reached, or broke off.',
  'error-tool': 'A program that the step needs is missing, broken or not the one whose checksum is pinned.',
  'error-internal': 'A fault of this action itself.',
  deadline: 'The time given by `timeout` ran out.',
  cancelled: 'The run was cancelled.',
  locked: 'Another run deploys this release at the moment.',
  'gate-failed': 'An earlier step of this release said no.',
  'build-failed': 'The image could not be built.',
  'push-denied': 'The registry refused the push.',
  vulnerable: 'The scan found vulnerabilities at or above the cutoff.',
  'invalid-manifest': 'A manifest is not valid YAML, no Kubernetes object, or does not fit its schema.',
  'undefined-variable': 'A variable that a file names has no value.',
  'image-unused': 'No manifest uses an image that this release built.',
  'type-changed': 'A Secret cannot change its type.',
  immutable: 'A field, or the whole object, cannot be changed once made.',
  conflict: 'Another manager owns a field that differs.',
  'client-too-old': 'The database client is older than its server.',
  incomplete: 'The backup was never finished.',
  corrupt: 'The bytes differ from their checksum.',
  'not-empty': 'The target holds data already.',
  'check-failed': 'An assertion did not hold.',
  'image-not-found': 'The registry has no such image.',
  'image-denied': 'The registry refused the pull.',
  'wrong-architecture': 'The image is built for another processor.',
  'crash-loop': 'A container ends again and again.',
  'out-of-memory': 'A container was ended for using more memory than its limit.',
  'config-missing': 'A ConfigMap, a Secret or a key in one that a pod names does not exist.',
  unschedulable: 'No node can take a pod.',
  quota: 'A quota of the namespace is used up.',
  'admission-denied': 'An admission rule refused the object or its pods.',
  'probe-failing': 'A probe of a container does not pass.',
  'progress-deadline': 'The workload made no progress for as long as it allows itself.',
  'job-failed': 'A Job ended without success.',
  'owned-by-other': 'The object belongs to another release or tool.',
  'digest-mismatch': 'What runs is not what was built.',
  'preview-failed': 'The new colour did not pass its checks; no traffic was moved.',
  'requests-failed': 'Requests failed while the traffic was moved.',
  'no-samples': 'Nothing was measured, so nothing is proven.',
  'certificate-expiring': 'The certificate ends sooner than allowed.',
  'version-mismatch': 'Another version than the one deployed answers.',
  'metric-failed': 'A metric left its bounds.',
  'alert-firing': 'An alert began to fire.',
  'no-data': 'A query has no data.',
  'no-revision': 'There is no such earlier revision.',
  blocked: 'A migration since forbids going back.',
  'message-refused': 'Slack refused the message.',
} as const;

export type ReasonCode = keyof typeof REASONS;

/** True for codes that judge the release, false for those that say "could not tell". */
export function isVerdict(code: ReasonCode): boolean {
  return !code.startsWith('error-');
}
