// What a user reads (action.yml, README) is what the code takes and gives.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aliasesOf, withTables } from '@deploy-actions/tooling';
import { describe, expect, it } from 'vitest';
import { loadSuite } from './suite.ts';

const suite = await loadSuite();

it('finds actions', () => expect(suite.length).toBeGreaterThan(0));

describe.each(suite)('$name', ({ name, path, file, code, fields }) => {
  const aliases = aliasesOf(file);
  const inputs = Object.entries(file.inputs).filter(([input]) => !aliases.has(input));

  it('has one name', () => {
    expect(code.name).toBe(name);
    expect(file.name).toBe(name);
  });

  it('takes the inputs of its action.yml, each with its other spellings', () => {
    expect(inputs.map(([input]) => input).sort()).toEqual(Object.keys(fields).sort());
    const written = Object.entries(fields).flatMap(([input, field]) => field.aliases.map((alias) => [alias, input]));
    expect(Object.fromEntries(aliases)).toEqual(Object.fromEntries(written));
  });

  it.each(inputs)('takes %s with the default, the need and the secrecy that are written', (input, written) => {
    const field = fields[input];
    expect({ default: written.default ?? '', required: written.required }).toEqual({
      default: field?.default ?? '',
      required: field?.required,
    });
    expect(
      /\bsecrets?\b/i.test(written.description) || field?.secret === false,
      'the description of a secret input says so',
    ).toBe(true);
    expect(written.description).toMatch(/\.$/);
  });

  it('declares the outputs that it sets', () => {
    expect(Object.keys(file.outputs).sort()).toEqual(
      [...code.outputs, 'outcome', 'reason', 'report', 'handoff'].sort(),
    );
  });

  it('has a post step in both or in neither', () => {
    expect(file.runs.post !== undefined).toBe(code.post !== undefined);
  });

  it('has a README whose tables are those of action.yml', async () => {
    const readme = await readFile(join(path, 'README.md'), 'utf8');
    expect(withTables(readme, file)).toBe(readme);
  });
});
