import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from './redact.ts';
import { Secret } from './secret.ts';

function redacting(...secrets: readonly (string | Secret)[]) {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return (text: string) => redactor.redact(text);
}

/** Secrets as they come: any text of 4 characters or more that is not all blanks. */
const secret = fc
  .oneof(
    fc.string({ minLength: 4, maxLength: 60 }),
    fc.string({ minLength: 4, maxLength: 60, unit: 'grapheme' }),
    fc.base64String({ minLength: 4, maxLength: 80 }),
    fc
      .array(fc.string({ minLength: 4, maxLength: 20 }), { minLength: 2, maxLength: 4 })
      .map((lines) => lines.join('\n')),
    fc.stringMatching(/^[a*]{4,8}$/),
  )
  .map((text) => text.trim())
  .filter((text) => text.length >= 4);
const around = fc.string({ maxLength: 40 });

const base64 = (text: string) => Buffer.from(text).toString('base64');

const FORMS: readonly (readonly [name: string, form: (secret: string) => string])[] = [
  ['raw', (text) => text],
  ['JSON', (text) => JSON.stringify(text).slice(1, -1)],
  [
    'JSON as Go writes it',
    (text) =>
      JSON.stringify(text)
        .slice(1, -1)
        .replaceAll('<', '\\u003c')
        .replaceAll('>', '\\u003e')
        .replaceAll('&', '\\u0026'),
  ],
  ['JSON in JSON', (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3)],
  ['URL', (text) => encodeURIComponent(text)],
  ['URL in lower case', (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase())],
  ['form', (text) => new URLSearchParams({ k: text }).toString().slice(2)],
  ['base64', base64],
  ['base64 without padding', (text) => base64(text).replace(/=+$/, '')],
  ['base64url', (text) => Buffer.from(text).toString('base64url')],
];

describe('redact', () => {
  it.each(FORMS)('lets no secret through: %s', (_, form) => {
    fc.assert(
      fc.property(secret, around, around, (value, before, after) => {
        const hidden = form(value);
        expect(redacting(value)(`${before}${hidden}${after}`)).not.toContain(hidden);
      }),
      { numRuns: 300 },
    );
  });

  it('lets no secret through inside a longer text in base64, wherever it begins', () => {
    fc.assert(
      fc.property(secret, fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (value, before, after) => {
        const shown = redacting(value)(base64(before + value + after));
        for (const part of shown.split('***')) {
          // What stays may decode to at most the edges, where a digit also depends on the neighbours.
          const decoded = Buffer.from(part, 'base64').toString('latin1');
          expect(decoded.includes(Buffer.from(value).toString('latin1'))).toBe(false);
        }
        expect(shown).toContain('***');
      }),
    );
  });

  it('lets no line of a secret through', () => {
    const lines = fc.array(
      fc
        .string({ minLength: 4, maxLength: 30 })
        .map((line) => line.trim())
        .filter((line) => line.length >= 4),
      { minLength: 2, maxLength: 6 },
    );
    fc.assert(
      fc.property(lines, around, (of, before) => {
        const redact = redacting(of.join('\r\n'));
        for (const line of of) expect(redact(`${before}${line}!`)).not.toContain(line);
      }),
    );
  });

  it('lets none of several secrets through that overlap, or arise when another is hidden', () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(3), { maxLength: 6 }),
        (values, order) => {
          const redact = redacting(...values);
          const text = order.map((index) => values[index % values.length] ?? '').join('');
          const shown = redact(text);
          for (const value of values) expect(shown).not.toContain(value);
        },
      ),
      { numRuns: 300 },
    );
    expect(redacting('abcd', 'cdef')('abcdef')).toBe('***');
    expect(redacting('abcd', 'x***y')('xabcdy')).toBe('***');
  });

  it('leaves every text alone that holds no secret', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]*$/), (text) => {
        expect(redacting('A-SECRET', '7')(text)).toBe(text);
      }),
    );
  });

  it('is settled: redacting again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 6 }), { maxLength: 4 }), fc.string(), (values, text) => {
        const redact = redacting(...values);
        expect(redact(redact(text))).toBe(redact(text));
      }),
    );
  });

  it.each([
    ['no', 'say no to noise', 'say *** to noise'],
    ['no', 'no', '***'],
    ['a', 'banana a', 'banana ***'],
    ['7', 'port=7, 77', 'port=***, 77'],
  ])('hides the very short secret %j only where it stands alone', (value, text, shown) => {
    expect(redacting(value)(text)).toBe(shown);
  });

  it('takes a Secret, and nothing from an empty one', () => {
    expect(redacting(new Secret('hunter2'))('hunter2!')).toBe('***!');
    expect(redacting('', ' \n')('a b')).toBe('a b');
  });

  it('leaves names and structure of a kubeconfig readable', () => {
    const redact = redacting(
      'apiVersion: v1\nkind: Config\nclusters:\n- name: shop\nusers:\n- name: ci\n  user: {token: abcdef}\n- user:\n    password: "abc def"\n',
    );
    const manifest = 'apiVersion: v1\nkind: ConfigMap\nname: shop';
    expect(redact(manifest)).toBe(manifest);
    expect(redact('user: {token: abcdef} password: "abc def"')).toBe('*** ***');
    expect(redacting('name: shop\nkind: Config')('name: shop')).toBe('***');
  });

  it('takes a megabyte of text with a hundred secrets in its stride', () => {
    const redact = redacting(...Array.from({ length: 100 }, (_, index) => `secret-number-${index}-of-many`));
    const text = 'a line of a log that says nothing in particular, secret-number-7-of-many\n'.repeat(14_000);
    expect(redact(text)).not.toContain('secret-number-7');
  });
});

describe('Secret', () => {
  it('shows nothing by accident', async () => {
    const { inspect } = await import('node:util');
    const value = new Secret('hunter2');
    expect([`${value}`, JSON.stringify({ value }), inspect({ value }), String(value)].join()).not.toContain('hunter2');
    expect(value.reveal()).toBe('hunter2');
  });
});
