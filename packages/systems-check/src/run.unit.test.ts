import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runSystems } from './run.ts';

const good = (reason: string): string =>
  `systems:\n  - { name: s, title: S, seed: s, statements: [{ id: s-ci-01, area: ci-cd, quote: q, state: not yet, reason: ${reason} }] }\n`;

let root: string;
const page = (): string => join(root, 'docs/systems.md');
const write = (text: string): void => writeFileSync(join(root, 'docs/systems.yaml'), text);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'systems-check-'));
  mkdirSync(join(root, 'docs'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a run', () => {
  it('writes the page and says how many statements stand where', () => {
    write(good('rollback'));
    expect(runSystems(root, false)).toEqual({
      ok: true,
      lines: ['docs/systems.yaml: 1 statements: 0 met, 0 partly, 1 not yet, 0 not proven here, 0 outside'],
    });
    expect(readFileSync(page(), 'utf8')).toContain('| s-ci-01 | q | not yet | rollback |');
  });

  it('with check passes on a page that is up to date', () => {
    write(good('rollback'));
    runSystems(root, false);
    expect(runSystems(root, true).ok).toBe(true);
  });

  it('with check fails on an outdated page and leaves it', () => {
    write(good('rollback'));
    runSystems(root, false);
    const before = readFileSync(page(), 'utf8');
    write(good('operate'));
    expect(runSystems(root, true)).toEqual({
      ok: false,
      lines: [expect.stringContaining('docs/systems.md is not what docs/systems.yaml renders')],
    });
    expect(readFileSync(page(), 'utf8')).toBe(before);
  });

  it('with check fails on a missing page and writes none', () => {
    write(good('rollback'));
    expect(runSystems(root, true).ok).toBe(false);
    expect(existsSync(page())).toBe(false);
  });

  it('writes nothing from a document with a fault, and says its line', () => {
    write(`${good('rollback')}${'  - { name: t, title: T, seed: t, statements: [] }'}\n`);
    expect(runSystems(root, false)).toEqual({ ok: false, lines: ['docs/systems.yaml:3: must not be empty'] });
    expect(existsSync(page())).toBe(false);
  });

  it('writes nothing when a statement points at a file that is not there', () => {
    write(good('rollback').replace('state: not yet', 'state: partly, file: gone.yml'));
    expect(runSystems(root, false)).toEqual({
      ok: false,
      lines: ['docs/systems.yaml:2: s-ci-01: there is no gone.yml'],
    });
    expect(existsSync(page())).toBe(false);
  });

  it('says when there is no document', () => {
    expect(runSystems(root, false)).toEqual({ ok: false, lines: ['there is no docs/systems.yaml'] });
  });
});
