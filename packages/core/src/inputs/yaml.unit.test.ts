// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is the syntax that is tested here.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { Secret } from '../secret.ts';
import { secretScalar, secretYaml, yaml } from './yaml.ts';

const workspace = mkdtempSync(join(tmpdir(), 'yaml-'));
afterAll(() => rmSync(workspace, { recursive: true }));
const file = (name: string, content: string) => writeFileSync(join(workspace, name), content);
const surroundings = { workspace, env: { USER_NAME: 'ann', PORT: '5432', ODD: "p: '#${X}\n- q" } };

const checks = v.array(
  v.strictObject({
    name: v.string(),
    version: v.optional(v.string()),
    status: v.optional(v.number()),
    secure: v.optional(v.boolean()),
    headers: v.optional(v.record(v.string(), v.string())),
    body: v.optional(v.union([v.string(), v.strictObject({ json: v.string() })])),
  }),
);
const parse = (given: string) => yaml(checks).parse(given, surroundings);
const messageOf = (given: string) => {
  const parsed = parse(given);
  return parsed.ok ? undefined : parsed.message;
};

describe('yaml', () => {
  it('takes YAML and JSON in place', () => {
    const value = [{ name: 'a', status: 200, secure: true }];
    expect(parse('- { name: a, status: 200, secure: true }\n')).toEqual({ ok: true, value });
    expect(parse(JSON.stringify(value))).toEqual({ ok: true, value });
    expect(parse('  - name: a\n    status: 200\n    secure: true')).toEqual({ ok: true, value });
  });

  it.each(['0123456', '1e3', '1.10', '0x1F', 'no', 'true', '12345678901234567890', '.5', '+7', '2024-01-02'])(
    'keeps %s as text where text is wanted',
    (written) => {
      expect(parse(`- { name: ${written}, version: ${written}, headers: { ${written}: ${written} } }`)).toEqual({
        ok: true,
        value: [{ name: written, version: written, headers: { [written]: written } }],
      });
    },
  );

  it('keeps text as text within a union', () => {
    expect(parse('- { name: a, body: 0123 }')).toEqual({ ok: true, value: [{ name: 'a', body: '0123' }] });
    expect(parse('- { name: a, body: { json: 0123 } }')).toEqual({
      ok: true,
      value: [{ name: 'a', body: { json: '0123' } }],
    });
  });

  it('wants a value where text is wanted', () => {
    expect(messageOf('- name:\n')).toBe('`0.name`: expected string, found nothing (line 1)');
  });

  it('names an unknown key by path and line', () => {
    expect(messageOf('- name: a\n- name: b\n  statsu: 200')).toBe('`1` has the unknown key `statsu` (line 3)');
  });

  it.each([
    ['headers: [a]', '`0.headers`: expected a mapping, found a list (line 2)'],
    ['body: [a]', '`0.body`'],
  ])('takes no list for a mapping in %s', (line, message) => {
    expect(messageOf(`- name: a\n  ${line}`)).toContain(message);
  });

  it('names every fault', () => {
    expect(messageOf('- name: a\n  status: x\n- status: 1')).toBe(
      '`0.status`: expected number, found a string (line 2); `1.name` is required (line 3)',
    );
  });

  it.each([
    ['a: 1\na: 2', 'the key stands there twice (line 2)'],
    ['a: [1', 'line 1'],
    ['a: b: c', 'text that holds `: ` or a line break needs quotes (line 1)'],
    ['a: 1\n---\nb: 2', 'a second document begins; one is expected (line 2)'],
    ['a: *x', 'an alias'],
    ['? [a]\n: b', 'a key must be plain text'],
  ])('refuses %j', (given, message) => {
    expect(messageOf(given)).toContain(message);
  });

  it('is not taken down by an alias bomb', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `l${level + 1}: &l${level + 1} [${Array(12).fill(`*l${level}`).join(', ')}]`,
    );
    expect(messageOf(['l0: &l0 x', ...levels].join('\n'))).toContain('aliases are nested too deep');
  });

  it('expands nothing in place', () => {
    expect(parse("- { name: '${USER_NAME}' }")).toEqual({ ok: true, value: [{ name: '${USER_NAME}' }] });
  });

  it('reads a file, and there expands variables in values alone', () => {
    file('checks.yaml', '- name: ${USER_NAME}-$${USER_NAME}\n  headers: { a: "${ODD}" }\n');
    expect(parse('checks.yaml')).toEqual({
      ok: true,
      value: [{ name: 'ann-${USER_NAME}', headers: { a: surroundings.env.ODD } }],
    });
    file('checks.json', '[{"name":"${USER_NAME}"}]');
    expect(parse(' checks.json \n')).toEqual({ ok: true, value: [{ name: 'ann' }] });
  });

  it('takes a number or a text out of a variable, as is wanted', () => {
    file('number.yml', '- name: ${PORT}\n  status: ${PORT}\n');
    expect(parse('number.yml')).toEqual({ ok: true, value: [{ name: '5432', status: 5432 }] });
  });

  it('names a variable without a value, a missing file, and a file outside', () => {
    file('missing.yaml', '- name: a\n- name: ${NOBODY}\n');
    expect(messageOf('missing.yaml')).toBe("missing.yaml: ${NOBODY} has no value in this step's environment (line 2)");
    expect(messageOf('nowhere.yaml')).toBe('the file `nowhere.yaml` does not exist');
    expect(messageOf('../checks.yaml')).toContain('outside of the workspace');
  });

  it('tells YAML in place from a path', () => {
    const named = yaml(v.record(v.string(), v.string()));
    expect(named.parse('file: a.yaml', surroundings)).toEqual({ ok: true, value: { file: 'a.yaml' } });
    expect(named.parse('{ file: a.yaml }', surroundings).ok).toBe(true);
  });

  it('gives back any text that was written as YAML', () => {
    const texts = yaml(v.record(v.string(), v.string()));
    const word = fc
      .string({ unit: 'grapheme' })
      .filter((text) => !['__proto__', 'prototype', 'constructor'].includes(text));
    fc.assert(
      fc.property(
        fc.dictionary(
          word,
          word.filter((text) => text !== ''),
        ),
        (value) => {
          expect(texts.parse(JSON.stringify(value), surroundings)).toEqual({ ok: true, value: { ...value } });
          expect(texts.parse(`# a comment, so that it is no path\n${stringify(value)}`, surroundings)).toEqual({
            ok: true,
            value: { ...value },
          });
        },
      ),
    );
  });
});

describe('text in YAML', () => {
  const texts = yaml(v.record(v.string(), v.union([v.string(), v.record(v.string(), v.string())])));
  const message = (given: string) => {
    const parsed = texts.parse(given, surroundings);
    return parsed.ok ? 'none' : parsed.message;
  };

  it('stays text behind an alias', () => {
    const parsed = texts.parse('a: &a 0123\nb: *a\nc: &c { d: 1.10 }\ne: *c', surroundings);
    expect(parsed).toEqual({ ok: true, value: { a: '0123', b: '0123', c: { d: '1.10' }, e: { d: '1.10' } } });
  });

  it('tells keys apart as they are written', () => {
    expect(texts.parse('{ 01: a, 1: b }', surroundings)).toEqual({ ok: true, value: { '01': 'a', 1: 'b' } });
    expect(message('{ 1: a, "1": b }')).toBe('the key stands there twice (line 1)');
  });

  it.each(['__proto__', 'prototype', 'constructor'])('refuses the key %s, which would go missing', (key) => {
    expect(message(`a: b\n${key}: c`)).toMatch(/^a key cannot be .*\(line 2\)$/);
  });

  it('finds no variable where the environment has none', () => {
    file('inherited.yaml', 'a: ${constructor}\nb: ${toString}\n');
    expect(message('inherited.yaml')).toContain("${constructor} has no value in this step's environment (line 1)");
    expect(message('inherited.yaml')).toContain('${toString} has no value');
  });

  it('refuses a variable in a key, where it would stay as it is', () => {
    file('key.yaml', 'a: b\n${USER_NAME}: c\n');
    expect(message('key.yaml')).toBe('key.yaml: a key holds a variable, which only a value can (line 2)');
    expect(message('${USER_NAME}: c')).toBe('none');
  });
});

describe('secretYaml', () => {
  const secrets = secretYaml(v.record(v.string(), secretScalar));
  const parseSecrets = (given: string) => secrets.parse(given, surroundings);

  it('yields Secrets, digits as written', () => {
    const parsed = parseSecrets('# ours\nA: "x # y"\nB: 0123\n# more\nC: |\n  # no comment\n  z\n');
    expect(parsed.ok && Object.entries(parsed.value ?? {}).map(([key, secret]) => [key, secret.reveal()])).toEqual([
      ['A', 'x # y'],
      ['B', '0123'],
      ['C', '# no comment\nz\n'],
    ]);
    expect(parsed.ok && Object.values(parsed.value ?? {})[0]).toBeInstanceOf(Secret);
  });

  it.each([
    ['A: pass #word', 1],
    ['A: x\nB: #word', 2],
    ['A: "x" # why', 1],
    ['A: | # why\n  x', 1],
    ['{ A: x, # why\n B: y }', 1],
  ])('refuses the comment in %j', (given, line) => {
    expect(parseSecrets(given)).toMatchObject({
      ok: false,
      message: expect.stringContaining(`a comment follows a value (line ${line})`),
    });
  });

  it.each([
    'A: hunter2: x',
    'A: [hunter2]',
    'hunter2',
    '- hunter2',
    'A: {hunter2: 1}',
    'A: "hunter2',
    'A: *hunter2',
    'A: !hunter2 x\nB: {hunter2',
    'A: hunter2\nA: hunter2',
    '{ A: pass,hunter2 }',
    '{ A: pass,hunter2, B: x }',
    '{ A: pass,hunter2: [x] }',
    '{ A: [pass,hunter2] }',
  ])('quotes nothing of %j', (given) => {
    const parsed = parseSecrets(given);
    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed)).not.toContain('hunter2');
  });

  it('names a faulty entry by its place, since its key may be the rest of a value', () => {
    expect(parseSecrets('{ A: x, B: pass,word, C: }')).toEqual({
      ok: false,
      message: 'entry 3: expected string, found nothing (line 1); entry 4: expected string, found nothing (line 1)',
      accepted: 'each value in quotes, or as `${{ toJSON(secrets.NAME) }}`',
    });
  });
});
