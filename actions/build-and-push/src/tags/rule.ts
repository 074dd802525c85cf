import { csvAttributes } from '../csv.ts';

/** Kinds of rules with the priority each has when none is given: the highest becomes the image's version. */
export const RULE_PRIORITIES = {
  schedule: 1000,
  semver: 900,
  pep440: 900,
  match: 800,
  edge: 700,
  ref: 600,
  raw: 200,
  sha: 100,
} as const;
export type RuleType = keyof typeof RULE_PRIORITIES;

/** Attributes that a rule of each kind takes besides `enable`, `priority`, `prefix` and `suffix`; `!` marks one it must have. */
const ATTRIBUTES: Readonly<Record<RuleType, readonly string[]>> = {
  schedule: ['pattern'],
  semver: ['pattern!', 'value'],
  pep440: ['pattern!', 'value'],
  match: ['pattern!', 'group', 'value'],
  edge: ['branch'],
  ref: ['event!'],
  raw: ['value!'],
  sha: ['format'],
};
const COMMON = ['enable', 'priority', 'prefix', 'suffix'];

/** One line of `tags` that is a rule. Attributes are as written, expressions not yet filled in. */
export interface TagRule {
  readonly type: RuleType;
  readonly priority: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What the lines of `tags` say: rules, and references given whole. */
export interface TagLines {
  readonly rules: readonly TagRule[];
  readonly references: readonly string[];
  readonly faults: readonly string[];
}

/** Reads the lines of `tags`. A line that is no rule and has `:` or `/` outside of an expression is a full reference. */
export function parseTagLines(lines: readonly string[]): TagLines {
  const rules: TagRule[] = [];
  const references: string[] = [];
  const faults: string[] = [];
  for (const line of lines) {
    if (isReference(line)) {
      references.push(line);
      continue;
    }
    const rule = parseRule(line);
    if (typeof rule === 'string') faults.push(`"${line}": ${rule}`);
    else rules.push(rule);
  }
  return { rules, references, faults };
}

function isReference(line: string): boolean {
  const keys = [...csvAttributes(line).keys()];
  return keys.every((key) => key === '') && /[:/]/.test(line.replaceAll(/\{\{.*?\}\}/g, ''));
}

function parseRule(line: string): TagRule | string {
  const given = new Map(csvAttributes(line));
  const word = given.get('');
  given.delete('');
  const type = given.get('type') ?? 'raw';
  given.delete('type');
  if (!isRuleType(type)) return `there is no type=${type} (accepted: ${Object.keys(RULE_PRIORITIES).join(', ')})`;
  if (word !== undefined && word !== '') {
    if (type !== 'raw' || given.has('value')) return `"${word}" is no attribute (accepted: key=value)`;
    given.set('value', word);
  }
  return checked(type, given);
}

function checked(type: RuleType, given: ReadonlyMap<string, string>): TagRule | string {
  const names = ATTRIBUTES[type].map((name) => name.replace('!', ''));
  for (const key of given.keys()) {
    if (!names.includes(key) && !COMMON.includes(key))
      return `type=${type} takes no ${key} (accepted: ${[...names, ...COMMON].join(', ')})`;
  }
  for (const name of ATTRIBUTES[type]) {
    if (name.endsWith('!') && (given.get(name.slice(0, -1)) ?? '') === '')
      return `type=${type} needs ${name.slice(0, -1)}=…`;
  }
  const attributes = Object.fromEntries(given);
  if (type === 'ref' && !['branch', 'tag', 'pr'].includes(attributes.event ?? ''))
    return 'type=ref knows event=branch, event=tag and event=pr';
  if (type === 'sha' && !['short', 'long', undefined].includes(attributes.format))
    return 'type=sha knows format=short and format=long';
  if (attributes.group !== undefined && !/^\d+$/.test(attributes.group))
    return `group=${attributes.group} is no number`;
  const priority = attributes.priority ?? String(RULE_PRIORITIES[type]);
  if (!/^-?\d+$/.test(priority)) return `priority=${priority} is no whole number`;
  return { type, priority: Number(priority), attributes };
}

function isRuleType(type: string): type is RuleType {
  return Object.hasOwn(RULE_PRIORITIES, type);
}
