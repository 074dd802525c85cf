import { describe, expect, it } from 'vitest';
import { api, digest, full, report } from '../../test/reports.ts';
import { InputError } from '../errors.ts';
import { mergeReports, patchReport } from './merge.ts';
import type { ReleaseReport } from './schema.ts';

describe('mergeReports', () => {
  const merge = (...reports: ReleaseReport[]) =>
    mergeReports(reports.map((each, index) => ({ name: `job ${index + 1}`, report: each })));

  it('puts jobs side by side', () => {
    const web = { digest: digest('c') };
    expect(
      merge(
        report({ commit: '4f2c', images: { api } }),
        report({ images: { web } }),
        report({ images: { api: { digest: api.digest, scan: 'passed' } } }),
      ),
    ).toEqual(report({ commit: '4f2c', images: { api: { ...api, scan: 'passed' }, web } }));
  });

  it('is the same report when a job’s comes twice', () => {
    expect(merge(full, full)).toEqual(full);
  });

  it.each([
    [
      'an image',
      report({ images: { api } }),
      report({ images: { api: { digest: digest('c') } } }),
      'images.api.digest',
    ],
    [
      'a platform',
      report({ images: { api } }),
      report({ images: { api: { digest: api.digest, platforms: { 'linux/amd64': digest('c') } } } }),
      'images.api.platforms.linux/amd64',
    ],
    ['the commit', report({ commit: '1' }), report({ commit: '2' }), 'commit'],
    ['the release', report({ release: '1' }), report({ release: '2' }), 'release'],
    [
      'a target',
      report({ targets: { 'a/b': { revision: 1 } } }),
      report({ targets: { 'a/b': { revision: 2 } } }),
      'targets.a/b.revision',
    ],
    [
      'a backup',
      report({ backups: [{ address: 's3://a', sha256: 'x' }] }),
      report({ backups: [{ address: 's3://a', sha256: 'y' }] }),
      'the sha256 of s3://a',
    ],
  ])('refuses two that contradict each other on %s, naming both', (_, one, other, what) => {
    expect(() => merge(one, other)).toThrow(InputError);
    expect(() => merge(one, other)).toThrow(`job 1 and job 2 contradict each other on ${what}`);
  });

  it('keeps a failed gate failed', () => {
    const scanned = (scan: 'passed' | 'vulnerable') => report({ images: { api: { digest: api.digest, scan } } });
    for (const merged of [
      merge(scanned('passed'), scanned('vulnerable')),
      merge(scanned('vulnerable'), scanned('passed')),
    ]) {
      expect(merged.images.api?.scan).toBe('vulnerable');
    }
  });
});

describe('patchReport', () => {
  it('adds to what is known of an image, and begins anew with a new digest', () => {
    const before = report({ images: { api: { ...api, scan: 'passed' } } });
    expect(patchReport(before, { images: { api: { digest: api.digest, name: 'x' } } }).images.api).toEqual({
      ...api,
      scan: 'passed',
      name: 'x',
    });
    expect(patchReport(before, { images: { api: { digest: digest('c') } } }).images.api).toEqual({
      digest: digest('c'),
    });
  });

  it('adds to what is known of a target', () => {
    const before = report({ targets: { 'a/b': { manifests: 'x', revision: 1 } } });
    expect(patchReport(before, { targets: { 'a/b': { revision: 2, previous: 1 } } }).targets).toEqual({
      'a/b': { manifests: 'x', revision: 2, previous: 1 },
    });
  });
});
