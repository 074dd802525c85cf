import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Conclusion } from './action.ts';
import { ActionError, CommandError, InputError } from './errors.ts';
import { OUTCOMES } from './outcome.ts';
import { asMarkdown, fenced, verdictLine, verdictMarkdown } from './verdict.ts';

const failed = (failure: ActionError): Conclusion => ({ outcome: 'failed', failure, outputs: {}, summary: '' });
const auth = new ActionError('error-auth', 'the token has expired', { hint: 'sign in again' });

describe('verdictLine', () => {
  it('is one sentence with reason and next step', () => {
    expect(verdictLine('deploy-rollout', failed(auth), 3.1)).toBe(
      'deploy-rollout failed (error-auth): the token has expired — next: sign in again',
    );
  });

  it('puts the next step on a line of its own below a list', () => {
    const inputs = new InputError([
      { input: 'a', message: 'is required' },
      { input: 'b', message: 'is required' },
    ]);
    expect(verdictLine('x', failed(inputs), 0)).toBe(
      'x failed (error-input): 2 inputs are wrong:\n  a: is required\n  b: is required\nnext: correct the `with:` block of this step; nothing was started',
    );
  });

  it.each(OUTCOMES)('has a word for %s', (outcome) => {
    expect(verdictLine('x', { outcome, outputs: {}, summary: '' }, 14.2)).toMatch(/^x \w.* in 14\.2 s$/);
  });
});

describe('verdictMarkdown', () => {
  it('says where only as far as it is known', () => {
    const at = (place: ActionError['place']) =>
      verdictMarkdown('x', failed(new ActionError('conflict', 'm', { hint: 'h', place })), 1);
    expect(at({})).not.toContain('Where');
    expect(at({ resource: 'Secret/a' })).toContain('- **Where:** `Secret/a`\n');
    expect(at({ file: 'a.yaml' })).toContain('- **Where:** `a.yaml`\n');
    expect(at({ file: 'a.yaml', line: 3, resource: 'Pod/a', container: 'c' })).toContain(
      '- **Where:** `Pod/a`, container `c`, `a.yaml:3`\n',
    );
  });

  it('shows a program’s last lines', () => {
    const error = new CommandError('build-failed', 'buildx exited with 1', {
      hint: 'h',
      output: ['one', '```', 'two'],
    });
    expect(verdictMarkdown('x', failed(error), 1)).toContain('\n\n````text\none\n```\ntwo\n````\n\n</details>');
  });

  it('ends with the action’s own part', () => {
    expect(verdictMarkdown('x', { outcome: 'succeeded', outputs: {}, summary: '| a |\n' }, 2)).toBe(
      '### ✅ x succeeded\n\n2 s\n\n| a |\n',
    );
  });
});

describe('other people’s text', () => {
  it('stays within its fence', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', '\n', '~') }), (text) => {
        const block = fenced(text);
        const fence = /^`+/.exec(block)?.[0] ?? '';
        const inside = block.split('\n').slice(1, -1);
        expect(inside.some((line) => line.startsWith(fence))).toBe(false);
      }),
    );
  });

  it('is no markup within a line', () => {
    expect(asMarkdown('a <img src=x> | b & c\n  d')).toBe('a &lt;img src=x&gt; \\| b &amp; c<br>d');
  });
});
