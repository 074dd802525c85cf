import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../repository.ts';
import { run } from '../run.ts';
import type { Check } from './check.ts';

/** In lines; a test's tables may be longer. */
const LONGEST_FILE = 250;
const LONGEST_TEST = 500;

interface Rule {
  readonly what: string;
  /** Paths that it looks at. */
  readonly where: RegExp;
  /** What must not stand there. */
  readonly never: RegExp;
}

const SOURCE = /\.(ts|js|mjs|sh|go)$|^script\/|^\.ci\//;
const ANY_TEXT = /(?<!\.png|\.jpg|\.gif|\.svg)$/;

// Put together from parts, so that this file keeps the rules that it states.
const word = (...parts: readonly string[]) => parts.join('');
const RULES: readonly Rule[] = [
  {
    what: 'work left to do',
    where: SOURCE,
    never: new RegExp(`\\b(${word('TO', 'DO')}|${word('FIX', 'ME')}|${word('X', 'XX')})\\b`),
  },
  {
    what: "a machine's path",
    where: ANY_TEXT,
    never: new RegExp(`(?<![\\w.$}~*-])/(${word('wo', 'rk')}|${word('ro', 'ot')})/\\w`),
  },
  {
    what: "the address that a package came from, which is each machine's own affair",
    where: /(^|\/)package-lock\.json$/,
    never: /"resolved": "https?:/,
  },
  {
    what: 'a switched-off type check',
    where: /\.ts$/,
    never: new RegExp(`@ts-(${word('ig', 'nore')}|${word('no', 'check')})`),
  },
  {
    what: 'a mock of a module',
    where: /\.test\.ts$/,
    never: new RegExp(`\\bvi\\.(${word('mo', 'ck')}|${word('do', 'Mock')})\\b`),
  },
  {
    what: 'a test that does not run',
    // systems-check tells such tests apart, and so its own tests hold some as text.
    where: /^(?!packages\/systems-check\/).*\.test\.ts$/,
    never: new RegExp(`\\b(it|test|describe)\\.(${word('sk', 'ip')}|${word('on', 'ly')}|${word('to', 'do')})\\b`),
  },
];

/** The rules of CONTRIBUTING.md that a pattern can keep, over every file that is committed or about to be. */
export const houseRules: Check = {
  name: 'house rules',
  async run() {
    const listed = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', '.', ':!dist'], {
      cwd: ROOT,
    });
    const paths = listed.split('\n').filter((path) => path !== '');
    return (await Promise.all(paths.map(faultsOf))).flat().sort();
  },
};

async function faultsOf(path: string): Promise<string[]> {
  const text = await readFile(join(ROOT, path), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const faults = RULES.filter((rule) => rule.where.test(path)).flatMap((rule) =>
    lines.flatMap((line, at) =>
      rule.never.test(line) ? [`${path}:${at + 1}: ${rule.what}: ${line.trim().slice(0, 100)}`] : [],
    ),
  );
  const longest = /\.test\.ts$|(^|\/)test\//.test(path) ? LONGEST_TEST : LONGEST_FILE;
  if (/\.ts$/.test(path) && lines.length > longest) faults.push(`${path}: ${lines.length} lines, at most ${longest}`);
  if (/(^|\/)utils?\.ts$/.test(path)) faults.push(`${path}: name the file after its idea`);
  return faults;
}
