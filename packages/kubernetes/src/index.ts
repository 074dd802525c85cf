export type { ClusterAccess } from './access.ts';
export { ApiError, type FieldConflict } from './answers.ts';
export { applyChanges, type Sent } from './apply.ts';
export { applyObject, deleteObject, writeObject } from './changes.ts';
export { KubeClient, type Request } from './client.ts';
export { type ClusterChoice, connect } from './connect.ts';
export { refineByLog } from './diagnosis/crashes.ts';
export { containersOf, type Verdict } from './diagnosis/finding.ts';
export type { Judgement } from './diagnosis/judge.ts';
export { diffObjects, type FieldChange, renderDiff } from './diff.ts';
export { type DigestMismatch, renderedMismatches, runningMismatches } from './digests.ts';
export { BUILT_IN, pathOf, type Resource } from './discovery.ts';
export { type Followed, Follower, type FollowResult, type Patience } from './follow.ts';
export { hideValues, isSecretObject } from './hidden.ts';
export { type PinnedImage, pinAll, readPins } from './image-pins.ts';
export { type ImagePin, type ImageUse, imagesOf, parseImage, pinImages } from './images.ts';
export { loadClusterAccess } from './kubeconfig.ts';
export { rolloutManager, secretsManager } from './managers.ts';
export { readManifestFiles, readManifests } from './manifest-files.ts';
export { type FieldPath, type Manifest, type ManifestFile, parseManifests, type SourcePlace } from './manifests.ts';
export * from './objects.ts';
export { type ObservedObject, observeObjects, requireNamespace } from './observe.ts';
export { findPlace, type Places } from './places.ts';
export { hasChanges, type PlannedChange, planChanges, renderFullDiff, renderPlan } from './plan.ts';
export { type ForwardTarget, openPortForward, type PortForward } from './port-forward.ts';
export { getObject, listObjects, readLog } from './read.ts';
export { isFollowed } from './readiness.ts';
export {
  lastGood,
  nextRevision,
  type RecordEntry,
  type ReleaseRecord,
  readRecord,
  writeRevision,
} from './record.ts';
export { chooseNamespace, releaseName, targetKey, targetsOf } from './release.ts';
export { planRestore, type RestorePlan, restore } from './restore.ts';
export type { Subject } from './subject.ts';
export { type Change, watchObjects } from './watch.ts';
