import { fill } from './expression.ts';

/** What a rule made of a version: the text, and whether it is a full release, which `latest` may follow. */
export interface Rendered {
  readonly text: string;
  readonly release: boolean;
}

/**
 * A semantic version through `pattern` (`{{raw}}`, `{{version}}`, `{{major}}`, `{{minor}}`, `{{patch}}`).
 * A prerelease gives `{{version}}` (or `{{raw}}`) whatever the pattern, since `1.2` must not move to a release candidate. Undefined: not one.
 */
export async function renderSemver(raw: string, pattern: string): Promise<Rendered | undefined> {
  const { default: semver } = await import('semver');
  const version = semver.valid(raw) === null ? null : semver.parse(raw, { loose: true });
  if (version === null) return undefined;
  const parts = {
    raw,
    version: version.version,
    major: `${version.major}`,
    minor: `${version.minor}`,
    patch: `${version.patch}`,
  };
  const release = version.prerelease.length === 0;
  return { text: fill(release ? pattern : collapsed(pattern), parts), release };
}

/** A Python version (PEP 440) through the same patterns; pre-, post- and development releases give the whole version. */
export async function renderPep440(raw: string, pattern: string): Promise<Rendered | undefined> {
  const { clean, explain, valid } = await import('@renovatebot/pep440');
  const facts = valid(raw) === null ? null : explain(raw);
  const version = clean(raw);
  if (facts === null || facts === undefined || version === null) return undefined;
  const [major = 0, minor = 0, patch = 0] = facts.release;
  const release = !(facts.is_prerelease || facts.is_postrelease || facts.is_devrelease);
  const parts = { raw, version, major: `${major}`, minor: `${minor}`, patch: `${patch}` };
  return { text: fill(release ? pattern : collapsed(pattern), parts), release };
}

const collapsed = (pattern: string) => (/^\{\{\s*raw\s*\}\}$/.test(pattern) ? pattern : '{{version}}');

/** What `pattern` (an expression, or `/expression/flags`) finds in `raw`: its `group`. Throws SyntaxError for a pattern that is none. */
export function matchGroup(raw: string, pattern: string, group: number): string | undefined {
  const literal = /^\/(.+)\/([a-z]*)$/.exec(pattern);
  const expression = literal === null ? new RegExp(pattern) : new RegExp(literal[1] ?? '', literal[2]);
  return expression.exec(raw)?.[group];
}

/** True where `version` is a full release and a higher one is among `tags`: then `latest` isn't its to take. */
export async function isOvertaken(version: string, tags: readonly string[]): Promise<string | undefined> {
  const { default: semver } = await import('semver');
  const own = semver.valid(version);
  if (own === null) return undefined;
  const full = tags.filter((tag) => semver.valid(tag) !== null && semver.prerelease(tag) === null);
  return full.find((tag) => semver.gt(tag, own));
}
