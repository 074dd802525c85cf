import { brotliCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { api, digest, full, report } from '../../test/reports.ts';
import { fromHandoff, toHandoff } from './handoff.ts';
import { EMPTY_REPORT } from './merge.ts';

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
