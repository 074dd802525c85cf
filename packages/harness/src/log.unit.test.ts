import { describe, expect, it } from 'vitest';
import { StepLog } from './log.ts';

function read(lines: readonly string[], debug = false): StepLog {
  const log = new StepLog(new Set(), debug);
  for (const line of lines) log.add(line);
  return log;
}

describe('StepLog', () => {
  it('masks a value from its add-mask on, and each line of it', () => {
    const log = read(['pass1 before', '::add-mask::pass1%0Apass2', 'pass1 and pass2 after']);
    expect(log.masked).toEqual(['pass1 before', '*** and *** after']);
    expect(log.raw).toEqual(['pass1 before', 'pass1 and pass2 after']);
  });

  it('masks the longer value first', () => {
    expect(read(['::add-mask::abc', '::add-mask::abcdef', 'abcdef abc']).masked).toEqual(['*** ***']);
  });

  it('reads annotations with their place, unescaped and masked', () => {
    const log = read([
      '::add-mask::hush',
      '::error file=k8s/api%2Cv1.yaml,line=7,title=a%3Ab::one%0Atwo hush 5%25',
      '::warning::plain',
    ]);
    expect(log.annotations).toEqual([
      { level: 'error', message: 'one\ntwo *** 5%', title: 'a:b', file: 'k8s/api,v1.yaml', line: '7' },
      { level: 'warning', message: 'plain' },
    ]);
  });

  it('takes no commands between stop-commands and its token', () => {
    const log = read(['::stop-commands::7f-A_token', '::add-mask::word', '::7f-A_token::', 'word']);
    expect(log.masked).toContain('word');
    expect(log.masked).toContain('::add-mask::word');
  });

  it('shows debug lines only in a debug run', () => {
    expect(read(['::debug::x']).masked).toEqual([]);
    expect(read(['::debug::x'], true).masked).toEqual(['##[debug]x']);
  });

  it('refuses commands that the runner has dropped', () => {
    expect(() => read(['::set-output name=a::1'])).toThrow('no longer takes');
  });

  it('leaves a line alone that only looks like a command', () => {
    expect(read(['a ::error::b', '::']).annotations).toEqual([]);
  });
});
