import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disarm } from './log.ts';

describe('disarm', () => {
  it.each([
    '::set-output name=a::b',
    '  ::error::x',
    '\t::add-mask::x',
    'a\n::stop-commands::x',
    '##[error]x',
    'a ##[group]b',
  ])('leaves no command in %j', (text) => {
    expect(disarm(text)).not.toMatch(/^\s*::|##\[/m);
  });

  it('leaves no command in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(':', '#', '[', ' ', '\n', '\r', 'a') }), (text) => {
        expect(disarm(text)).not.toMatch(/^\s*::|##\[/m);
      }),
    );
  });

  it.each(['a::b', 'std::vector', '# [x]', ': :'])('leaves %j alone', (text) => {
    expect(disarm(text)).toBe(text);
  });
});
