import * as v from 'valibot';
import { OUTCOMES } from '../outcome.ts';

const digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits'));

/** One image that the release built, keyed by its repository (`ghcr.io/acme/shop-api`). */
const image = v.strictObject({
  /** Of the index where there is one: what a pod's spec names. */
  digest,
  /** `linux/amd64` → digest of that platform's manifest. */
  platforms: v.optional(v.record(v.string(), digest)),
  version: v.optional(v.string()),
  tags: v.optional(v.array(v.string())),
  /** What manifests call this image when it isn't its repository. */
  name: v.optional(v.string()),
  scan: v.optional(v.picklist(['passed', 'vulnerable', 'unknown'])),
});

/** One place it goes to, keyed `context/namespace`. */
const target = v.strictObject({
  /** Path of the rendered manifests, relative to the workspace. */
  manifests: v.optional(v.string()),
  hash: v.optional(digest),
  namespace: v.optional(v.string()),
  revision: v.optional(v.number()),
  previous: v.optional(v.number()),
});

const step = v.strictObject({
  action: v.string(),
  outcome: v.picklist(OUTCOMES),
  reason: v.optional(v.string()),
  resource: v.optional(v.string()),
  container: v.optional(v.string()),
  exitCode: v.optional(v.number()),
  retryable: v.optional(v.boolean()),
  seconds: v.number(),
});

/** The release report, version 1 (docs/report.schema.json is made of it). No secret and no user's text beyond names ever enters it. */
export const releaseReport = v.strictObject({
  version: v.literal(1),
  release: v.optional(v.string()),
  commit: v.optional(v.string()),
  run: v.optional(v.string()),
  images: v.record(v.string(), image),
  targets: v.record(v.string(), target),
  backups: v.array(v.strictObject({ address: v.string(), sha256: v.string() })),
  steps: v.array(step),
});

export type ReleaseReport = v.InferOutput<typeof releaseReport>;
export type ReportImage = v.InferOutput<typeof image>;
export type ReportTarget = v.InferOutput<typeof target>;
export type ReportStep = v.InferOutput<typeof step>;

/** What one step adds: laid over the report key by key. */
export interface ReportPatch {
  readonly images?: Readonly<Record<string, ReportImage>>;
  readonly targets?: Readonly<Record<string, ReportTarget>>;
}
