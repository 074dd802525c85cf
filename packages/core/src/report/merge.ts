import { isDeepStrictEqual } from 'node:util';
import { InputError } from '../errors.ts';
import type { ReleaseReport, ReportImage, ReportPatch, ReportStep } from './schema.ts';
import { stepsBeyond } from './steps.ts';

/** A report, or what a handoff held, with a name for its faults: `DEPLOY_HANDOFF line 1`, a path. */
export interface NamedReport {
  readonly name: string;
  readonly report: ReleaseReport;
}

export const EMPTY_REPORT: ReleaseReport = { version: 1, images: {}, targets: {}, backups: [], steps: [] };

/**
 * One report of several jobs' reports.
 * @throws InputError that names both sources where they contradict each other: one image with two digests, two commits.
 */
export function mergeReports(reports: readonly NamedReport[]): ReleaseReport {
  return reports.reduce<NamedReport>(
    (merged, next) => ({
      name: merged.name === '' ? next.name : `${merged.name}, ${next.name}`,
      report: mergeTwo(merged, next),
    }),
    {
      name: '',
      report: EMPTY_REPORT,
    },
  ).report;
}

function mergeTwo(a: NamedReport, b: NamedReport): ReleaseReport {
  const agree = <T>(what: string, x: T | undefined, y: T | undefined): T | undefined => {
    if (x !== undefined && y !== undefined && !isDeepStrictEqual(x, y)) {
      throw new InputError([
        {
          input: 'report',
          message: `${a.name} and ${b.name} contradict each other on ${what}: ${JSON.stringify(x)} and ${JSON.stringify(y)}`,
          accepted: 'reports of one release',
        },
      ]);
    }
    return x ?? y;
  };
  const fields = <T extends object>(what: string, x: T, y: T): T =>
    mergeRecords(x as Record<string, unknown>, y as Record<string, unknown>, (key, one, other) =>
      agree(`${what}.${key}`, one, other),
    ) as T;
  const image = (key: string, x: ReportImage, y: ReportImage): ReportImage => {
    const { scan: _x, tags: _xTags, platforms: xPlatforms = {}, ...xRest } = x;
    const { scan: _y, tags: _yTags, platforms: yPlatforms = {}, ...yRest } = y;
    const platforms = fields(`images.${key}.platforms`, xPlatforms, yPlatforms);
    const tags = [...new Set([...(x.tags ?? []), ...(y.tags ?? [])])];
    const scan = worseScan(x.scan, y.scan);
    return {
      ...fields<Omit<ReportImage, 'scan' | 'tags' | 'platforms'>>(`images.${key}`, xRest, yRest),
      ...(Object.keys(platforms).length === 0 ? {} : { platforms }),
      ...(tags.length === 0 ? {} : { tags }),
      ...(scan === undefined ? {} : { scan }),
    };
  };
  const [one, other] = [a.report, b.report];
  const commit = agree('commit', one.commit, other.commit);
  const release = agree('release', one.release, other.release);
  const run = one.run ?? other.run;
  return {
    version: 1,
    ...(release === undefined ? {} : { release }),
    ...(commit === undefined ? {} : { commit }),
    ...(run === undefined ? {} : { run }),
    images: mergeRecords(one.images, other.images, image),
    targets: mergeRecords(one.targets, other.targets, (key, x, y) => fields(`targets.${key}`, x, y)),
    backups: mergeBackups(one, other, agree),
    steps: [...one.steps, ...stepsBeyond(one.steps, other.steps)],
  };
}

function mergeRecords<T>(
  x: Readonly<Record<string, T>>,
  y: Readonly<Record<string, T>>,
  both: (key: string, x: T, y: T) => T | undefined,
): Record<string, T> {
  const merged = new Map(Object.entries(x));
  for (const [key, value] of Object.entries(y)) {
    const known = merged.get(key);
    const together = known === undefined ? value : both(key, known, value);
    if (together !== undefined) merged.set(key, together);
  }
  return Object.fromEntries(merged);
}

function mergeBackups(
  one: ReleaseReport,
  other: ReleaseReport,
  agree: <T>(what: string, x: T, y: T) => T | undefined,
): ReleaseReport['backups'] {
  const known = new Map(one.backups.map((backup) => [backup.address, backup]));
  for (const backup of other.backups) {
    const first = known.get(backup.address);
    if (first !== undefined) agree(`the sha256 of ${backup.address}`, first.sha256, backup.sha256);
    known.set(backup.address, first ?? backup);
  }
  return [...known.values()];
}

const SCANS = ['passed', 'unknown', 'vulnerable'] as const;

/** A failed gate stays failed, whatever another job found. */
function worseScan(x: ReportImage['scan'], y: ReportImage['scan']): ReportImage['scan'] {
  if (x === undefined || y === undefined) return x ?? y;
  return SCANS.indexOf(x) > SCANS.indexOf(y) ? x : y;
}

/**
 * The report with what a step adds, key by key: its images and targets replace the fields they give, later facts winning over earlier ones.
 * An image with a new digest replaces the old one whole, since its scan and platforms were another image's.
 */
export function patchReport(report: ReleaseReport, patch: ReportPatch, step?: ReportStep): ReleaseReport {
  const images = mergeRecords(report.images, patch.images ?? {}, (_, known, given) =>
    known.digest === given.digest ? { ...known, ...given } : given,
  );
  const targets = mergeRecords(report.targets, patch.targets ?? {}, (_, known, given) => ({ ...known, ...given }));
  return { ...report, images, targets, steps: step === undefined ? report.steps : [...report.steps, step] };
}

/** `later` over `earlier`, silently: a job's own report knows better than what came into the job. Only a failed gate stays failed. */
export function overlay(earlier: ReleaseReport, later: ReleaseReport): ReleaseReport {
  const images = mergeRecords(earlier.images, later.images, (_, known, given) => {
    if (known.digest !== given.digest) return given;
    const scan = worseScan(known.scan, given.scan);
    return { ...known, ...given, ...(scan === undefined ? {} : { scan }) };
  });
  const addresses = new Set(later.backups.map(({ address }) => address));
  return {
    ...earlier,
    ...later,
    images,
    targets: patchReport(earlier, { targets: later.targets }).targets,
    backups: [...earlier.backups.filter(({ address }) => !addresses.has(address)), ...later.backups],
    steps: [...stepsBeyond(later.steps, earlier.steps), ...later.steps],
  };
}
