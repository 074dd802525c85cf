import { describe, expect, it } from 'vitest';
import { Secret } from '../secret.ts';
import type { Field } from './field.ts';
import {
  boolean,
  choice,
  duration,
  integer,
  list,
  pairs,
  secretList,
  secretPairs,
  secretText,
  share,
  size,
  text,
  words,
} from './kinds.ts';

const surroundings = { workspace: '/workspace', env: {} };
const parse = <T>(field: Field<T>, given: string) => field.parse(given, surroundings);

function accepts<T>(field: Field<T>, rows: readonly (readonly [given: string, value: unknown])[]): void {
  it.each(rows)('takes %j as %j', (given, value) => {
    expect(parse(field, given)).toEqual({ ok: true, value });
  });
}

function refuses<T>(field: Field<T>, given: readonly string[]): void {
  it.each(given)('refuses %j', (written) => {
    expect(parse(field, written).ok).toBe(false);
  });
}

describe('text', () => {
  accepts(text(), [[' a b ', 'a b']]);
});

describe('choice', () => {
  accepts(choice(['low', 'high']), [[' high\n', 'high']]);
  refuses(choice(['low', 'high']), ['High', 'lo']);
  it('names the nearest and all', () => {
    expect(parse(choice(['low', 'high']), 'hihg')).toEqual({
      ok: false,
      message: '`hihg` is none of them – did you mean `high`?',
      accepted: 'low, high',
    });
  });
});

describe('boolean', () => {
  accepts(boolean(), [
    ['true', true],
    ['True', true],
    ['TRUE', true],
    ['false', false],
    ['False', false],
    ['FALSE', false],
  ]);
  refuses(boolean(), ['yes', 'no', '1', '0', 'tRUE', 'on', 'truee']);
});

describe('integer', () => {
  accepts(integer(), [
    ['0', 0],
    ['-3', -3],
    ['+7', 7],
  ]);
  refuses(integer(), ['1.5', '1e3', '0x10', '', 'one', '99999999999999999999']);
  refuses(integer({ min: 1, max: 5 }), ['0', '6']);
  it('says the bounds', () => {
    expect(parse(integer({ min: 1, max: 5 }), '9')).toMatchObject({
      accepted: 'a whole number of 1 or more, at most 5',
    });
    expect(parse(integer({ max: 5 }), '9')).toMatchObject({ accepted: 'a whole number of at most 5' });
  });
});

describe('duration', () => {
  accepts(duration(), [
    ['0', 0],
    ['250ms', 250],
    ['45s', 45_000],
    ['5m30s', 330_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['30d', 2_592_000_000],
    ['1d2h3m4s5ms', 93_784_005],
  ]);
  refuses(duration(), ['5', '0.5', '', '5 m', '30s5m', '5m5m', '-5m', '5M', '5min', '1w', '1e3s', '99999999999999d']);
});

describe('duration with a least', () => {
  refuses(duration({ min: 1000 }), ['0', '999ms']);
  it('says it', () => {
    expect(parse(duration({ min: 1000 }), '0')).toMatchObject({ message: '`0` is too short', accepted: '1 s or more' });
  });
});

describe('size', () => {
  accepts(size(), [
    ['0', 0],
    ['1024', 1024],
    ['512Mi', 512 * 2 ** 20],
    ['10G', 10e9],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['1k', 1000],
    ['2e9', 2e9],
    ['.5Ki', 512],
    ['1.0001k', 1001],
  ]);
  refuses(size(), ['', '10GB', '10g', '10K', '512mi', '-1', '1e', 'Mi', '500m', '9Ei']);
  it('says what `m` means', () => {
    expect(parse(size(), '512m')).toMatchObject({ message: expect.stringContaining('thousandths') });
  });
});

describe('share', () => {
  accepts(share(), [
    ['5%', 0.05],
    ['0%', 0],
    ['100 %', 1],
    ['0.1%', 0.001],
  ]);
  refuses(share(), ['5', '0.05', '101%', '-1%', '%', '']);
});

describe('list', () => {
  accepts(list(), [
    ['a\n\n  b \r\n# no\n#c\nd # e, f', ['a', 'b', 'd # e, f']],
    ['type=raw,value=x', ['type=raw,value=x']],
  ]);
});

describe('words', () => {
  accepts(words(), [['linux/amd64, linux/arm64,\n# no\nlinux/386', ['linux/amd64', 'linux/arm64', 'linux/386']]]);
});

describe('pairs', () => {
  accepts(pairs(), [
    [
      'a=b=c\n# no\n d = e f \ng=',
      new Map([
        ['a', 'b=c'],
        ['d', 'e f'],
        ['g', ''],
      ]),
    ],
  ]);
  refuses(pairs(), ['a', '=b', 'a=1\na=2']);

  it('name every faulty line', () => {
    expect(parse(pairs(), 'a\nb=1\n=c\nb=2')).toEqual({
      ok: false,
      message: '`a` has no key before a `=`; `=c` has no key before a `=`; `b=2` gives a key a second time',
      accepted: 'key=value, one a line, each key once',
    });
  });
});

describe('secrets', () => {
  it('come as Secret', () => {
    const one = parse(secretText(), ' hunter2 \n');
    expect(one.ok && one.value).toBeInstanceOf(Secret);
    expect(one.ok && one.value?.reveal()).toBe('hunter2');
    const many = parse(secretList(), 'a\nb');
    expect(many.ok && many.value?.map((item) => item.reveal())).toEqual(['a', 'b']);
    const pair = parse(secretPairs(), 'k=v');
    expect(pair.ok && pair.value?.get('k')?.reveal()).toBe('v');
  });

  it('are not quoted in faults', () => {
    expect(JSON.stringify(parse(secretPairs(), 'a=1\nhunter2'))).not.toContain('hunter2');
    expect(parse(integer({ secret: true }), ' hunter2 ')).toMatchObject({ ok: false, message: '`***` will not do' });
  });
});
