import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayBeSet, parseFolders, parsePairs } from './command-files.ts';

describe('parsePairs', () => {
  it.each([
    ['a line', 'a=1\n', { a: '1' }],
    ['an = in the value', 'url=http://x/?a=b\n', { url: 'http://x/?a=b' }],
    ['a << after the =', 'a=b<<c\n', { a: 'b<<c' }],
    ['a heredoc', 'a<<E\nx\n\ny=1\nE\nb=2\n', { a: 'x\n\ny=1', b: '2' }],
    ['an empty heredoc', 'a<<E\nE\n', { a: '' }],
    ['Windows line ends', 'a=1\r\nb<<E\r\nx\r\nE\r\n', { a: '1', b: 'x' }],
    ['the last of two', 'a=1\na=2\n', { a: '2' }],
    ['nothing', '\n\n', {}],
  ])('reads %s', (_, text, pairs) => {
    expect(parsePairs(text, 'GITHUB_OUTPUT')).toEqual(pairs);
  });

  it.each([
    ['no sign', 'abc\n', 'neither'],
    ['no name', '=x\n', 'without a name'],
    ['no end', 'a<<E\nx\n', "delimiter 'E'"],
    ['no delimiter', 'a<<\n\n', "delimiter ''"],
  ])('refuses %s', (_, text, message) => {
    expect(() => parsePairs(text, 'GITHUB_OUTPUT')).toThrow(message);
  });

  it('gives back any value that a heredoc holds', () => {
    const value = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\r', ''));
    fc.assert(
      fc.property(value, (text) => {
        expect(parsePairs(`v<<END-5f1c\n${text}\nEND-5f1c\n`, 'f')).toEqual({ v: text });
      }),
    );
  });
});

describe('parseFolders', () => {
  it('puts the last first, as PATH will have it', () => expect(parseFolders('/a\n/b\n')).toEqual(['/b', '/a']));
});

describe('mayBeSet', () => {
  it.each([
    ['DEPLOY_HANDOFF', true],
    ['NODE_OPTIONS', false],
    ['node_options', false],
    ['GITHUB_SHA', false],
    ['RUNNER_TEMP', false],
  ])('%s: %s', (name, allowed) => expect(mayBeSet(name)).toBe(allowed));
});
