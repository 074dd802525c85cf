import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import * as v from 'valibot';
import { type ReleaseReport, releaseReport } from './schema.ts';
import { withoutNamespace } from './steps.ts';

/** GitHub's limit is 1 MB for all outputs of a job; a handoff is a few kB, and more than this is none of ours. */
const LONGEST = 32 * 1024;
/** What a handoff may unpack to: 32 KiB of brotli could hold gigabytes of nothing. */
const LARGEST = 1024 * 1024;
/** Names the format, so that an old reader can tell a newer one from a broken one. */
const PREFIX = 'da1.';

/**
 * The report as one short line for a job output: images, verdicts and backups; no namespace, context or path.
 * Compressed, so that no masked word stands in it (GitHub drops an output that holds one).
 * Where a line would be too long the oldest verdicts go first, then tags and platforms: digests stay.
 */
export function toHandoff(report: ReleaseReport): string {
  const full = portable(report);
  const withLastSteps = (count: number) => ({ ...full, steps: full.steps.slice(-count) });
  const bare = {
    ...withLastSteps(1),
    images: Object.fromEntries(
      Object.entries(full.images).map(([name, { tags: _, platforms: __, ...image }]) => [name, image]),
    ),
  };
  for (const candidate of [full, withLastSteps(20), withLastSteps(1), bare]) {
    const line = encode(candidate);
    if (line.length <= LONGEST) return line;
  }
  throw new Error(`the handoff of ${Object.keys(report.images).length} images is longer than ${LONGEST} characters`);
}

/** Whether a line claims to be a handoff rather than a path. */
export function isHandoff(line: string): boolean {
  return /^da\d+\./.test(line);
}

/** The report in a handoff, or in one sentence why it holds none. */
export function fromHandoff(
  line: string,
): { readonly ok: true; readonly report: ReleaseReport } | { readonly ok: false; readonly message: string } {
  if (!line.startsWith(PREFIX))
    return refused(isHandoff(line) ? 'is of another version of deploy-actions' : 'is no handoff');
  if (line.length > LONGEST) return refused(`is longer than ${LONGEST} characters`);
  const packed = line.slice(PREFIX.length);
  if (!/^[\w-]+$/.test(packed)) return refused('is damaged: it holds characters that no handoff has');
  try {
    const text = brotliDecompressSync(Buffer.from(packed, 'base64url'), { maxOutputLength: LARGEST }).toString('utf8');
    const parsed = v.safeParse(releaseReport, JSON.parse(text));
    return parsed.success
      ? { ok: true, report: portable(parsed.output) }
      : refused('does not hold a release report of version 1');
  } catch (error) {
    const bomb =
      error instanceof RangeError ||
      (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE');
    return refused(bomb ? `unpacks to more than ${LARGEST} bytes` : 'is damaged: it cannot be unpacked');
  }
}

function refused(message: string): { ok: false; message: string } {
  return { ok: false, message };
}

function encode(report: ReleaseReport): string {
  const text = Buffer.from(JSON.stringify(report), 'utf8');
  const packed = brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });
  return PREFIX + packed.toString('base64url');
}

/** What may travel: targets would send production where staging went, and a backup in a folder is on the other job's disk. */
function portable(report: ReleaseReport): ReleaseReport {
  return {
    ...report,
    targets: {},
    backups: report.backups.filter(
      ({ address }) => /^[a-z][a-z0-9+.-]*:\/\//i.test(address) && !address.startsWith('file:'),
    ),
    steps: report.steps.map(withoutNamespace),
  };
}
