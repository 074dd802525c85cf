import { branchOf, type GitFacts, gitTagOf, pullRequestOf } from '../git.ts';
import { type Expressions, fill, globalExpressions } from './expression.ts';
import type { Flavor } from './flavor.ts';
import type { TagRule } from './rule.ts';
import { matchGroup, type Rendered, renderPep440, renderSemver } from './versions.ts';

/** The tags of a run, the first being the version. `latest` is set apart, since the registry may have its say. */
export interface GeneratedTags {
  readonly version: string | undefined;
  readonly tags: readonly string[];
  readonly latest: string | undefined;
  /** The version as the git tag or `value` gave it, where a full semantic release made it; compared before `latest` is moved. */
  readonly release: string | undefined;
  /** Rules that gave nothing although the event fits, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Applies metadata-action's rules to what is known of the commit: highest priority first, duplicates once, characters that a tag
 * may not hold become `-`. Throws UnknownExpression and SyntaxError (a regular expression that is none).
 */
export async function generateTags(rules: readonly TagRule[], flavor: Flavor, git: GitFacts): Promise<GeneratedTags> {
  const expressions = await globalExpressions(git);
  const sorted = rules.toSorted((a, b) => b.priority - a.priority);
  const tags: string[] = [];
  const warnings: string[] = [];
  let latest: boolean | undefined;
  let release: string | undefined;
  for (const rule of sorted) {
    const enabled = fill(rule.attributes.enable ?? 'true', expressions).toLowerCase();
    if (enabled === 'false') continue;
    if (enabled !== 'true')
      warnings.push(`enable=${enabled} is neither true nor false: the rule type=${rule.type} is left out`);
    const made = enabled === 'true' ? await render(rule, git, expressions) : undefined;
    if (typeof made === 'string') warnings.push(made);
    if (made === undefined || typeof made === 'string' || made.text === '') continue;
    const prefix = fill(rule.attributes.prefix ?? defaultPrefix(rule, flavor), expressions);
    const suffix = fill(rule.attributes.suffix ?? flavor.suffix, expressions);
    const tag = toTag(`${prefix}${made.text}${suffix}`);
    latest ??= made.release;
    release ??= rule.type === 'semver' && made.release ? versionText(rule, git, expressions) : undefined;
    if (tag !== '' && !tags.includes(tag)) tags.push(tag);
  }
  const wanted = flavor.latest === 'auto' ? latest === true : flavor.latest === 'true';
  return { version: tags[0], tags, latest: wanted ? latestTag(flavor, expressions) : undefined, release, warnings };
}

/** One tag's text, with `release` true where `latest` may follow it; undefined: not for this event; a string: why it gave nothing. */
async function render(rule: TagRule, git: GitFacts, expressions: Expressions): Promise<Rendered | string | undefined> {
  const { attributes } = rule;
  switch (rule.type) {
    case 'schedule':
      return git.event === 'schedule'
        ? { text: fill(attributes.pattern ?? 'nightly', expressions), release: false }
        : undefined;
    case 'edge':
      return branchOf(git) !== '' && branchOf(git) === fill(attributes.branch ?? git.defaultBranch, expressions)
        ? { text: 'edge', release: false }
        : undefined;
    case 'ref': {
      const text = { branch: branchOf, tag: gitTagOf, pr: pullRequestOf }[attributes.event as 'branch' | 'tag' | 'pr'](
        git,
      );
      return { text, release: attributes.event === 'tag' && text !== '' };
    }
    case 'raw':
      return { text: fill(attributes.value ?? '', expressions), release: false };
    case 'sha':
      return { text: attributes.format === 'long' ? git.commit : git.commit.slice(0, 7), release: false };
    default:
      return await renderVersion(rule, versionText(rule, git, expressions));
  }
}

async function renderVersion(rule: TagRule, raw: string): Promise<Rendered | string | undefined> {
  if (raw === '') return undefined;
  const pattern = rule.attributes.pattern ?? '';
  if (rule.type === 'match') {
    const group = Number(rule.attributes.group ?? 0);
    // Patterns are written against the git tag with its slashes and, by older users, against the one with dashes.
    const text = matchGroup(raw, pattern, group) ?? matchGroup(raw.replaceAll('/', '-'), pattern, group);
    return text === undefined ? `"${raw}" does not match ${pattern}` : { text, release: true };
  }
  const plain = raw.replaceAll('/', '-');
  const made = rule.type === 'semver' ? await renderSemver(plain, pattern) : await renderPep440(plain, pattern);
  return made ?? `"${raw}" is no ${rule.type === 'semver' ? 'semantic version' : 'version of PEP 440'}`;
}

/** `value`, else the git tag. */
function versionText(rule: TagRule, git: GitFacts, expressions: Expressions): string {
  return fill(rule.attributes.value ?? '', expressions) || gitTagOf(git);
}

function defaultPrefix(rule: TagRule, flavor: Flavor): string {
  if (rule.type === 'sha') return 'sha-';
  return rule.type === 'ref' && rule.attributes.event === 'pr' ? 'pr-' : flavor.prefix;
}

function latestTag(flavor: Flavor, expressions: Expressions): string {
  const prefix = flavor.prefixLatest ? fill(flavor.prefix, expressions) : '';
  const suffix = flavor.suffixLatest ? fill(flavor.suffix, expressions) : '';
  return toTag(`${prefix}latest${suffix}`);
}

/** At most 128 of the characters that the distribution specification allows in a tag. */
function toTag(text: string): string {
  return text
    .replaceAll(/[^a-zA-Z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 128);
}
