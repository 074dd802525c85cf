import { Secret } from '@deploy-actions/core';
import { describe, expect, it } from 'vitest';
import { parseReference } from '../registry/reference.ts';
import { buildArguments, cacheWarnings } from './buildx.ts';
import type { NamedBuild } from './engine.ts';

const build = (more: Partial<NamedBuild> = {}): NamedBuild => ({
  context: '/w',
  file: '/w/Dockerfile',
  target: undefined,
  buildArgs: {},
  buildContexts: {},
  platforms: [],
  builder: undefined,
  secrets: [],
  annotations: [],
  push: true,
  load: false,
  cacheFrom: [],
  cacheTo: [],
  noCache: false,
  pull: false,
  provenance: 'true',
  sbom: 'false',
  epoch: undefined,
  references: ['ghcr.io/acme/shop:1', 'ghcr.io/acme/shop:latest'].flatMap((text) => parseReference(text) ?? []),
  labels: { a: 'b c' },
  ...more,
});

const argumentsOf = (more: Partial<NamedBuild>, attests = true) =>
  buildArguments(build(more), { name: undefined, attests }, '/t/metadata.json').join(' ');

describe('the arguments of buildx', () => {
  it('say what is asked, and no more', () => {
    expect(argumentsOf({})).toBe(
      'build --progress plain --metadata-file /t/metadata.json --file /w/Dockerfile --label a=b c --tag ghcr.io/acme/shop:1 --tag ghcr.io/acme/shop:latest --provenance true --push /w',
    );
  });

  it.each<[string, Partial<NamedBuild>, string]>([
    ['platforms', { platforms: ['linux/amd64', 'linux/arm64'] }, '--platform linux/amd64,linux/arm64'],
    [
      'a cache that may fail',
      { cacheTo: [{ type: 'registry', attributes: { ref: 'x', mode: 'max' } }] },
      '--cache-to type=registry,ref=x,mode=max,ignore-error=true',
    ],
    ['an inline cache', { cacheTo: [{ type: 'inline', attributes: {} }] }, '--cache-to type=inline'],
    [
      'a cache as the user has it',
      { cacheTo: [{ type: 'gha', attributes: { 'ignore-error': 'false' } }] },
      '--cache-to type=gha,ignore-error=false',
    ],
    ['a reproducible time', { epoch: '1700000000' }, '--build-arg SOURCE_DATE_EPOCH=1700000000'],
    ['an SBOM', { sbom: 'true' }, '--sbom true'],
    ['the most of provenance', { provenance: 'mode=max' }, '--provenance mode=max'],
  ])('have %s', (_, more, part) => {
    expect(argumentsOf(more)).toContain(part);
  });

  it('ask for no attestation of a builder that cannot make one', () => {
    expect(argumentsOf({ provenance: 'true' }, false)).not.toContain('--provenance');
    expect(argumentsOf({ provenance: 'false' }, false)).not.toContain('--provenance');
    expect(argumentsOf({ provenance: 'false' })).toContain('--provenance false');
    expect(argumentsOf({ load: true, push: false })).toContain('--provenance false --load');
  });

  it('hold no secret', () => {
    const secrets = [
      { id: 'npm', from: 'value', value: new Secret('hidden') } as const,
      { id: 'file', from: 'file', path: '/w/x' } as const,
    ];
    expect(argumentsOf({ secrets })).toContain(
      '--secret id=npm,env=DEPLOY_ACTIONS_BUILD_SECRET_0 --secret id=file,src=/w/x',
    );
    expect(argumentsOf({ secrets })).not.toContain('hidden');
  });
});

it('finds the errors of caches that were not saved', () => {
  const lines = [
    '#7 [2/2] RUN true',
    '#7 ERROR: not this',
    '#9 exporting cache to registry',
    '#9 writing layer',
    '#9 ERROR: failed to push x: connection refused',
  ];
  expect(cacheWarnings(lines)).toEqual(['failed to push x: connection refused']);
});
