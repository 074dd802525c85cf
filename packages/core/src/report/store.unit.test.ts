import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { api, digest, report } from '../../test/reports.ts';
import { InputError } from '../errors.ts';
import { toHandoff } from './handoff.ts';
import { EMPTY_REPORT } from './merge.ts';
import { extendReport, readReport } from './store.ts';

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

  it('keeps what a step beside it has written meanwhile, a failed gate above all', () => {
    const found = extendReport(path, EMPTY_REPORT, { images: { api } }, step);
    const gate = { action: 'scan-image', outcome: 'failed', reason: 'vulnerable', seconds: 3 } as const;
    extendReport(path, found, { images: { api: { ...api, scan: 'vulnerable' } } }, gate);
    const extended = extendReport(path, found, { images: { web: api } }, { ...step, action: 'build-and-push' });
    expect(extended.images).toEqual({ api: { ...api, scan: 'vulnerable' }, web: api });
    expect(extended.steps.map(({ action, outcome }) => `${action} ${outcome}`).toSorted()).toEqual([
      'build-and-push succeeded',
      'scan-image failed',
      'scan-image succeeded',
    ]);
    expect(readReport(sources({}))).toEqual(extended);
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
