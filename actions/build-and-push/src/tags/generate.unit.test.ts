import { describe, expect, it } from 'vitest';
import type { GitFacts } from '../git.ts';
import { UnknownExpression } from './expression.ts';
import { parseFlavor } from './flavor.ts';
import { generateTags } from './generate.ts';
import { parseTagLines } from './rule.ts';

const COMMIT = '90dd6032fac8bda1b6c4436a2e65de27961ed071';

function git(ref: string, more: Partial<GitFacts> = {}): GitFacts {
  return {
    event: ref.startsWith('refs/pull/') ? 'pull_request' : 'push',
    ref,
    commit: COMMIT,
    baseRef: '',
    defaultBranch: 'main',
    now: '2020-01-10T00:30:00.000Z',
    committedAt: '2019-12-31T23:30:00.000Z',
    repository: { name: 'shop', description: undefined, url: undefined, licence: undefined },
    ...more,
  };
}

async function tagsOf(lines: string | readonly string[], facts: GitFacts, flavor: readonly string[] = []) {
  const parsed = parseTagLines([lines].flat());
  expect(parsed.faults).toEqual([]);
  const { tags, latest } = await generateTags(parsed.rules, parseFlavor(flavor).flavor, facts);
  return [...tags, ...(latest === undefined ? [] : [latest])];
}

const tag = (name: string) => git(`refs/tags/${name}`);
const branch = (name: string) => git(`refs/heads/${name}`);

describe('the rules as metadata-action documents them', () => {
  it.each([
    // type=schedule
    ['type=schedule', git('refs/heads/main', { event: 'schedule' }), ['nightly']],
    ["type=schedule,pattern={{date 'YYYYMMDD'}}", git('refs/heads/main', { event: 'schedule' }), ['20200110']],
    [
      "type=schedule,pattern={{date 'YYYYMMDD-HHmmss' tz='Asia/Tokyo'}}",
      git('refs/heads/main', { event: 'schedule' }),
      ['20200110-093000'],
    ],
    ['type=schedule', branch('main'), []],
    // type=semver
    ['type=semver,pattern={{raw}}', tag('v1.2.3'), ['v1.2.3', 'latest']],
    ['type=semver,pattern={{version}}', tag('v1.2.3'), ['1.2.3', 'latest']],
    ['type=semver,pattern={{major}}.{{minor}}', tag('v1.2.3'), ['1.2', 'latest']],
    ['type=semver,pattern=v{{major}}', tag('v1.2.3'), ['v1', 'latest']],
    ['type=semver,pattern={{minor}}', tag('v1.2.3'), ['2', 'latest']],
    ['type=semver,pattern={{patch}}', tag('v1.2.3'), ['3', 'latest']],
    ['type=semver,pattern={{raw}}', tag('v2.0.8-beta.67'), ['v2.0.8-beta.67']],
    ['type=semver,pattern={{version}}', tag('v2.0.8-beta.67'), ['2.0.8-beta.67']],
    ['type=semver,pattern={{major}}.{{minor}}', tag('v2.0.8-beta.67'), ['2.0.8-beta.67']],
    ['type=semver,pattern={{version}},value=v1.0.0', branch('main'), ['1.0.0', 'latest']],
    ['type=semver,pattern={{version}}', branch('main'), []],
    ['type=semver,pattern={{version}}', tag('20200110-RC2'), []],
    // type=pep440
    ['type=pep440,pattern={{version}}', tag('1.2.3'), ['1.2.3', 'latest']],
    ['type=pep440,pattern={{raw}}', tag('v1.2.3'), ['v1.2.3', 'latest']],
    ['type=pep440,pattern={{major}}.{{minor}}', tag('v1.2.3'), ['1.2', 'latest']],
    ['type=pep440,pattern=v{{major}}', tag('v1.2.3'), ['v1', 'latest']],
    ['type=pep440,pattern={{raw}}', tag('v1.2.3rc2'), ['v1.2.3rc2']],
    ['type=pep440,pattern={{version}}', tag('1.2.3rc2'), ['1.2.3rc2']],
    ['type=pep440,pattern={{major}}.{{minor}}', tag('1.2.3rc2'), ['1.2.3rc2']],
    ['type=pep440,pattern={{major}}.{{minor}}', tag('1.2.3.post1'), ['1.2.3.post1']],
    ['type=pep440,pattern={{version}}', tag('1.2.3beta2'), ['1.2.3b2']],
    ['type=pep440,pattern={{major}}', tag('1.0dev4'), ['1.0.dev4']],
    // type=match
    ['type=match,pattern=\\d.\\d.\\d', tag('v1.2.3'), ['1.2.3', 'latest']],
    ['type=match,pattern=v(.*),group=1', tag('v2.0.8-beta.67'), ['2.0.8-beta.67', 'latest']],
    ['type=match,pattern=v(\\d.\\d),group=1', tag('v2.0.8-beta.67'), ['2.0', 'latest']],
    ['type=match,pattern=\\d+', tag('20200110-RC2'), ['20200110', 'latest']],
    ['type=match,pattern=p1/v(\\d.\\d.\\d),group=1', tag('p1/v1.2.3'), ['1.2.3', 'latest']],
    ['type=match,pattern=p1-v(\\d.\\d.\\d),group=1', tag('p1/v1.2.3'), ['1.2.3', 'latest']],
    ['type=match,pattern=/V(.*)/i,group=1', tag('v1.2.3'), ['1.2.3', 'latest']],
    ['type=match,pattern=v(.*),group=1,value=v1.0.0', branch('main'), ['1.0.0', 'latest']],
    ['type=match,pattern=x', tag('v1.2.3'), []],
    // type=edge
    ['type=edge', branch('main'), ['edge']],
    ['type=edge', branch('dev'), []],
    ['type=edge,branch=dev', branch('dev'), ['edge']],
    // type=ref
    ['type=ref,event=pr', git('refs/pull/2/merge'), ['pr-2']],
    ['type=ref,event=branch', branch('main'), ['main']],
    ['type=ref,event=branch', branch('my/branch'), ['my-branch']],
    ['type=ref,event=tag', tag('v1.2.3'), ['v1.2.3', 'latest']],
    ['type=ref,event=tag', tag('v2.0.8-beta.67'), ['v2.0.8-beta.67', 'latest']],
    ['type=ref,event=tag', branch('main'), []],
    // type=raw
    ['type=raw,value=foo', branch('main'), ['foo']],
    ['type=raw,foo', branch('main'), ['foo']],
    ['foo', branch('main'), ['foo']],
    ['type=raw,value=latest,enable={{is_default_branch}}', branch('main'), ['latest']],
    ['type=raw,value=latest,enable={{is_default_branch}}', branch('dev'), []],
    ['type=raw,value=dev,enable={{is_not_default_branch}}', branch('dev'), ['dev']],
    // type=sha
    ['type=sha', branch('main'), ['sha-90dd603']],
    ['type=sha,format=long', branch('main'), [`sha-${COMMIT}`]],
    ['type=sha,prefix=', branch('main'), ['90dd603']],
    // Global expressions.
    ['type=raw,value={{branch}}-{{sha}}', branch('my/branch'), ['my-branch-90dd603']],
    ['type=raw,value=mytag-{{branch}}', tag('v1'), ['mytag-']],
    ['type=raw,value={{tag}}', tag('v1'), ['v1']],
    ['type=raw,value={{base_ref}}', git('refs/pull/2/merge', { baseRef: 'main' }), ['main']],
    ["type=raw,value={{commit_date 'YYYYMMDD'}}", branch('main'), ['20191231']],
    ["type=raw,value={{date 'YYYY-MM-DD' tz='America/New_York'}}", branch('main'), ['2020-01-09']],
    // Prefix and suffix.
    ['type=ref,event=branch,prefix=br-,suffix=-x', branch('main'), ['br-main-x']],
    ['type=ref,event=branch,suffix=-{{sha}}', branch('main'), ['main-90dd603']],
  ])('%s', async (line, facts, expected) => {
    expect(await tagsOf(line, facts)).toEqual(expected);
  });

  it('puts the highest priority first, keeps the order of equals, and names each tag once', async () => {
    const lines = [
      'type=sha',
      'type=raw,value=9.9',
      'type=semver,pattern={{version}}',
      'type=semver,pattern={{major}}',
      'type=ref,event=tag',
      'type=raw,value=first,priority=2000',
    ];
    expect(await tagsOf(lines, tag('v1.2.3'))).toEqual(['first', '1.2.3', '1', 'v1.2.3', '9.9', 'sha-90dd603']);
    expect(await tagsOf(['a', 'b', 'a'], branch('main'))).toEqual(['a', 'b']);
  });

  it('tells why a rule for this event gave nothing', async () => {
    const { rules } = parseTagLines(['type=semver,pattern={{version}}', 'type=match,pattern=x']);
    const { warnings } = await generateTags(rules, parseFlavor([]).flavor, tag('release'));
    expect(warnings).toEqual(['"release" is no semantic version', '"release" does not match x']);
  });

  it('refuses expressions that it does not know', async () => {
    await expect(tagsOf('type=raw,value={{actor}}', branch('main'))).rejects.toThrow(UnknownExpression);
    await expect(tagsOf('type=raw,value={{#if x}}', branch('main'))).rejects.toThrow('braces that are no expression');
    await expect(tagsOf("type=raw,value={{date 'YYYY' tz='Nowhere/Land'}}", branch('main'))).rejects.toThrow(
      'no time zone',
    );
  });
});

describe('flavor', () => {
  it.each([
    [['latest=true'], 'type=ref,event=branch', branch('main'), ['main', 'latest']],
    [['latest=false'], 'type=semver,pattern={{version}}', tag('v1.2.3'), ['1.2.3']],
    [['suffix=-alpine'], 'type=semver,pattern={{version}}', tag('v1.2.3'), ['1.2.3-alpine', 'latest']],
    [
      ['prefix=app-,onlatest=true', 'suffix=-alpine,onlatest=true'],
      'type=ref,event=tag',
      tag('v1'),
      ['app-v1-alpine', 'app-latest-alpine'],
    ],
    [['prefix=app-'], 'type=sha', branch('main'), ['sha-90dd603']],
  ])('%j on %s', async (flavor, line, facts, expected) => {
    expect(await tagsOf(line, facts, flavor)).toEqual(expected);
  });

  it('names what it does not know', () => {
    expect(parseFlavor(['latest=maybe', 'colour=red']).faults).toHaveLength(2);
  });
});
