import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../errors.ts';
import { fromHandoff, toHandoff } from './handoff.ts';
import { EMPTY_REPORT, mergeReports, patchReport } from './merge.ts';
import type { ReleaseReport, ReportImage } from './schema.ts';
import { extendReport, readReport } from './store.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const api: ReportImage = {
  digest: digest('a'),
  version: '1.4.0',
  tags: ['v1'],
  platforms: { 'linux/amd64': digest('b') },
};
const report = (parts: Partial<ReleaseReport>): ReleaseReport => ({ ...EMPTY_REPORT, ...parts });
const full = report({
  release: 'shop',
  commit: '4f2c',
  run: 'https://github.com/acme/shop/actions/runs/1/attempts/1',
  images: { 'ghcr.io/acme/api': { ...api, scan: 'passed' } },
  targets: { 'prod/shop': { manifests: '.deploy-actions/shop.yaml', namespace: 'shop', revision: 41 } },
  backups: [
    { address: 's3://backups/shop', sha256: 'x' },
    { address: '/var/backups/shop', sha256: 'y' },
    { address: 'file:///var/backups/shop', sha256: 'z' },
  ],
  steps: [
    {
      action: 'deploy-rollout',
      outcome: 'failed',
      reason: 'crash-loop',
      resource: 'shop/Deployment/api',
      seconds: 14.2,
    },
  ],
});

const folder = mkdtempSync(join(tmpdir(), 'report-'));
let path = '';
let count = 0;
beforeEach(() => {
  count += 1;
  path = join(folder, String(count), 'report.json');
});
afterAll(() => rmSync(folder, { recursive: true }));
const sources = (given: { lines?: readonly string[]; handoff?: string }) => ({
  path,
  lines: given.lines ?? [],
  handoff: given.handoff,
  workspace: folder,
});
const step = { action: 'scan-image', outcome: 'succeeded', seconds: 1 } as const;

describe('handoff', () => {
  it('carries images, verdicts and backups, and no namespace, context or path', () => {
    const read = fromHandoff(toHandoff(full));
    expect(read).toEqual({
      ok: true,
      report: {
        ...full,
        targets: {},
        backups: [{ address: 's3://backups/shop', sha256: 'x' }],
        steps: [
          {
            action: 'deploy-rollout',
            outcome: 'failed',
            reason: 'crash-loop',
            resource: 'Deployment/api',
            seconds: 14.2,
          },
        ],
      },
    });
    expect(JSON.stringify(read)).not.toMatch(/prod|\.yaml|\/var/);
  });

  it('is one line in which no word of the report stands', () => {
    expect(toHandoff(full)).toMatch(/^da1\.[\w-]+$/);
    expect(toHandoff(full)).not.toContain('acme');
  });

  it('drops the oldest verdicts, then tags and platforms, before it is too long', () => {
    const random = fc.sample(fc.stringMatching(/^[a-z0-9]{60}$/), { numRuns: 1200, seed: 1 });
    const steps = random.map((resource, index) => ({ ...step, resource, seconds: index }));
    const many = toHandoff(report({ images: { api }, steps }));
    expect(many.length).toBeLessThanOrEqual(32 * 1024);
    const read = fromHandoff(many);
    expect(read.ok && [read.report.steps.length, read.report.steps.at(-1)?.seconds, read.report.images.api]).toEqual([
      20,
      1199,
      api,
    ]);
    const tagged = fromHandoff(toHandoff(report({ images: { api: { ...api, tags: random } }, steps })));
    expect(tagged.ok && tagged.report.images.api).toEqual({ digest: digest('a'), version: '1.4.0' });
  });

  it.each([
    ['nothing of ours', 'hello'],
    ['another version', 'da2.AAAA'],
    ['a foreign character', 'da1.a b'],
    ['no content', 'da1.'],
    ['cut off', toHandoff(full).slice(0, -20)],
    ['no brotli', 'da1.AAAAAAAA'],
    ['no JSON', `da1.${brotliCompressSync('x').toString('base64url')}`],
    ['no report', `da1.${brotliCompressSync('{"version":1}').toString('base64url')}`],
    [
      'a newer report',
      `da1.${brotliCompressSync(JSON.stringify({ ...EMPTY_REPORT, version: 2 })).toString('base64url')}`,
    ],
    ['too long', `da1.${'A'.repeat(40_000)}`],
    ['a bomb', `da1.${brotliCompressSync(Buffer.alloc(200 * 2 ** 20)).toString('base64url')}`],
  ])('is refused when it is %s', (_, line) => {
    expect(fromHandoff(line)).toMatchObject({ ok: false });
  });

  it('never throws, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(fromHandoff(text).ok).toBe(false);
      }),
    );
    const good = toHandoff(full);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.constantFrom(...'AZaz09-_'), (at, character) => {
        expect(typeof fromHandoff(good.slice(0, at) + character + good.slice(at + 1)).ok).toBe('boolean');
      }),
    );
  });
});

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

describe('store', () => {
  it('is empty at first, and for its owner alone', () => {
    expect(readReport(sources({}))).toEqual(EMPTY_REPORT);
    const extended = extendReport(path, EMPTY_REPORT, { images: { api } }, step);
    expect(readReport(sources({}))).toEqual(extended);
    expect(extended).toEqual(report({ images: { api }, steps: [step] }));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(path, '..'))).toEqual(['report.json']);
  });

  it('goes on from handoffs in the environment and in the input, and from files', () => {
    writeFileSync(join(folder, 'leg.json'), JSON.stringify(report({ images: { leg: api } })));
    const web = toHandoff(report({ images: { web: api } }));
    const read = readReport(
      sources({ handoff: `${toHandoff(report({ images: { api } }))}\n\n`, lines: [web, 'leg.json'] }),
    );
    expect(Object.keys(read.images)).toEqual(['api', 'web', 'leg']);
  });

  it('lets the job’s own report win over the environment, and the input over both', () => {
    const of = (letter: string) => report({ images: { api: { digest: digest(letter) } } });
    extendReport(path, of('b'), {}, step);
    expect(readReport(sources({ handoff: toHandoff(of('a')) })).images.api?.digest).toBe(digest('b'));
    expect(readReport(sources({ handoff: toHandoff(of('a')), lines: [toHandoff(of('c'))] })).images.api?.digest).toBe(
      digest('c'),
    );
  });

  it('does not count the job’s own steps twice when its handoff comes back by the environment', () => {
    const own = extendReport(path, EMPTY_REPORT, {}, { ...step, resource: 'shop/Deployment/api' });
    expect(readReport(sources({ handoff: toHandoff(own) })).steps).toEqual(own.steps);
  });

  it('keeps a gate failed that failed in an earlier job', () => {
    const of = (scan: 'passed' | 'vulnerable') => report({ images: { api: { digest: api.digest, scan } } });
    extendReport(path, of('passed'), {}, step);
    expect(readReport(sources({ handoff: toHandoff(of('vulnerable')) })).images.api?.scan).toBe('vulnerable');
  });

  it('names every source that cannot be read', () => {
    writeFileSync(join(folder, 'broken.json'), '{');
    writeFileSync(
      join(folder, 'other.json'),
      JSON.stringify({ ...EMPTY_REPORT, images: { api: { digest: 'latest' } } }),
    );
    try {
      readReport(sources({ handoff: 'da1.broken!', lines: ['nowhere.json', 'broken.json', 'other.json', 'da1.AAAA'] }));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      if (error instanceof InputError) {
        expect(error.faults.map(({ message }) => message)).toEqual([
          expect.stringContaining('DEPLOY_HANDOFF line 1 is damaged'),
          'nowhere.json does not exist',
          'broken.json is no JSON',
          'other.json is no release report of version 1 (at images.api.digest)',
          'the handoff in line 4 is damaged: it cannot be unpacked',
        ]);
      }
    }
  });

  it('leaves the old report whole when the new one cannot be written', () => {
    extendReport(path, EMPTY_REPORT, { images: { api } }, step);
    const before = readFileSync(path, 'utf8');
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    expect(() => extendReport(path, EMPTY_REPORT, { images: { api: { ...api, ...circular } } }, step)).toThrow();
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(readdirSync(join(path, '..'))).toEqual(['report.json']);
  });
});
