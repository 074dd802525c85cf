import { describe, expect, it } from 'vitest';
import { parseTagLines } from './rule.ts';

describe('parseTagLines', () => {
  it('tells rules, plain words and full references apart', () => {
    const { rules, references, faults } = parseTagLines([
      'type=sha',
      'v1.2',
      "{{date 'HH:mm'}}",
      'ghcr.io/acme/shop:1.2',
      'acme/shop',
      'type=raw,"value=a,b"',
    ]);
    expect(rules.map((rule) => rule.type)).toEqual(['sha', 'raw', 'raw', 'raw']);
    expect(references).toEqual(['ghcr.io/acme/shop:1.2', 'acme/shop']);
    expect(faults).toEqual([]);
  });

  it('reads quoted fields as CSV does', () => {
    expect(parseTagLines(['type=match,"pattern=v(\\d{1,3})",group=1']).rules[0]?.attributes).toMatchObject({
      pattern: 'v(\\d{1,3})',
      group: '1',
    });
  });

  it.each([
    ['type=shaa', 'there is no type=shaa'],
    ['type=semver', 'needs pattern=…'],
    ['type=ref,event=merge', 'event=branch, event=tag and event=pr'],
    ['type=sha,format=tiny', 'format=short and format=long'],
    ['type=sha,colour=red', 'takes no colour'],
    ['type=raw,value=a,priority=high', 'no whole number'],
    ['type=match,pattern=v(.*),group=one', 'no number'],
    ['type=edge,main', '"main" is no attribute'],
  ])('%s is a fault', (line, sentence) => {
    const { rules, faults } = parseTagLines([line]);
    expect(rules).toEqual([]);
    expect(faults[0]).toContain(sentence);
  });
});
