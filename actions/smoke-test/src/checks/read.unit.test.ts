import { yaml } from '@deploy-actions/core';
import { describe, expect, it } from 'vitest';
import { readChecks } from './read.ts';
import { checkList } from './schema.ts';

const field = yaml(checkList);
const surroundings = { workspace: '/w', env: {} };

async function read(text: string, url: readonly string[] = []) {
  const parsed = field.parse(text, surroundings);
  if (!parsed.ok) throw new Error(parsed.message);
  return await readChecks({ url, checks: parsed.value });
}

describe('readChecks', () => {
  it('takes addresses and checks together, each under a name of its own', async () => {
    const checks = await read(
      '- { url: "https://a.example.com/x?key=1" }\n- { tcp: "db.example.com:5432" }\n- { name: same, tcp: "[::1]:80" }\n- { name: same, tcp: "b:1" }',
      ['https://a.example.com/x'],
    );
    expect(checks.map(({ name, kind }) => [name, kind])).toEqual([
      ['https://a.example.com/x', 'http'],
      ['https://a.example.com/x (2)', 'http'],
      ['db.example.com:5432', 'tcp'],
      ['same', 'tcp'],
      ['same (2)', 'tcp'],
    ]);
  });

  it('keeps values as they are written', async () => {
    const [check] = await read(
      '- { url: "http://a/", jsonpath: { $.commit: 0123456, $.n: 3, $.v: 1.10 }, status: [200, 204], max-time: 1m500ms }',
    );
    expect(check).toMatchObject({
      jsonpath: { '$.commit': '0123456', '$.n': '3', '$.v': '1.10' },
      status: [200, 204],
      maxTime: 60_500,
    });
  });

  it('prints no address, header or body whole', async () => {
    const checks = await read('- { url: "http://a/?key=hidden", headers: { x: hidden }, body: hidden }');
    expect(JSON.stringify(checks)).not.toContain('hidden');
  });

  it.each([
    '- { url: "http://me:hidden@a/?key=hidden", certificate-days: 14 }',
    '- { url: "htps://me:hidden@a/" }',
    '- { url: "a?key=hidden" }',
  ])('quotes no password and no query of %s', async (text) => {
    await expect(read(text)).rejects.toThrow(/^(?!.*hidden)/s);
  });

  it.each([
    ['- { status: 200 }', 'needs either url or tcp'],
    ['- { url: "http://a", tcp: "a:1" }', 'needs either url or tcp'],
    ['- { tcp: "a:1", status: 200 }', 'tcp takes only'],
    ['- { url: "http://a", colour: red }', 'unknown key `colour`'],
    ['- { url: "http://a", max-time: 5 }', 'max-time'],
    ['- { url: "http://a", matches: "(" }', 'regular expression'],
    ['- { url: "http://a", version: { jsonpath: $.a, header: b } }', 'one of jsonpath, header and matches'],
    ['- { url: "ftp://a" }', 'no address of a web server'],
    ['- { tcp: "a" }', 'HOST:PORT'],
    ['- { tcp: "a:99999" }', 'HOST:PORT'],
    ['- { url: "http://a", certificate-days: 14 }', 'has no certificate'],
    ['- { url: "http://a", jsonpath: { status: ok } }', 'no JSONPath'],
    ['[]', 'at least one check'],
  ])('refuses %s', async (text, sentence) => {
    await expect(read(text)).rejects.toThrow(sentence);
  });

  it('asks for something to check', async () => {
    await expect(readChecks({ url: [], checks: undefined })).rejects.toThrow('url: is required');
  });
});
