import { describe, expect, it } from 'vitest';
import { renderSystems } from './render.ts';
import type { Statement, System } from './schema.ts';

const statement = (id: string, quote: string): Statement => ({
  id,
  area: 'security',
  quote,
  state: 'not yet',
  reason: 'scan-image',
});

const systems: System[] = [
  {
    name: 'shop',
    title: 'The Shop',
    seed: 'A shop.',
    statements: [
      statement('shop-security-01', 'Port | `a|b` | *all* of <x> and a_b'),
      { id: 'shop-ci-01', area: 'ci-cd', quote: 'Tests run', state: 'met', file: 'a.yml', test: 'a.test.ts#goes' },
      { id: 'shop-ci-02', area: 'ci-cd', quote: 'Fast', state: 'partly', file: 'a.yml', reason: 'not at night' },
    ],
  },
  { name: 'mill', title: 'Mill', seed: 'A mill.', statements: [statement('mill-security-01', 'Locked')] },
];
const lines = renderSystems(systems).split('\n');

describe('the page', () => {
  it('counts each system by state, and all of them', () => {
    expect(lines).toContain('| [The Shop](#the-shop) | 1 | 1 | 1 | 0 | 0 | 3 |');
    expect(lines).toContain('| [Mill](#mill) | 0 | 0 | 1 | 0 | 0 | 1 |');
    expect(lines).toContain('| **all** | 1 | 1 | 2 | 0 | 0 | 4 |');
  });

  it('has a table for each area that a system speaks of, in the order of the areas', () => {
    expect(lines.filter((line) => line.startsWith('#'))).toEqual([
      '# What five systems ask of a deployment',
      '## The Shop',
      '### ci-cd',
      '### security',
      '## Mill',
      '### security',
    ]);
  });

  it('links the file and the test, and names the test', () => {
    expect(lines).toContain('| shop-ci-01 | Tests run | met | [a.yml](../a.yml); [a.test.ts](../a.test.ts): goes |');
    expect(lines).toContain('| shop-ci-02 | Fast | partly | [a.yml](../a.yml); not at night |');
  });

  it('keeps a quote inside its cell and its signs as they are', () => {
    expect(lines).toContain(
      '| shop-security-01 | Port \\| `a\\|b` \\| \\*all\\* of \\<x\\> and a\\_b | not yet | scan-image |',
    );
  });

  it('is the same for the same document', () => {
    expect(renderSystems(structuredClone(systems))).toBe(renderSystems(systems));
  });
});
