import { expect, it } from 'vitest';
import { parseCache, writeCache } from './cache.ts';

it.each([
  ['type=registry,ref=ghcr.io/acme/cache,mode=max', 'type=registry,ref=ghcr.io/acme/cache,mode=max'],
  ['ghcr.io/acme/cache:main', 'type=registry,ref=ghcr.io/acme/cache:main'],
  ['type=gha,scope=api', 'type=gha,scope=api'],
  ['type=local,dest=/tmp/cache', 'type=local,dest=/tmp/cache'],
  ['type=registry,ref=x,"image-manifest=a,b"', 'type=registry,ref=x,"image-manifest=a,b"'],
])('%s', (line, written) => {
  const cache = parseCache(line);
  expect(typeof cache === 'string' ? cache : writeCache(cache)).toBe(written);
});

it.each([
  ['type=ram', 'there is no cache of type=ram'],
  ['type=registry', 'needs ref=IMAGE'],
  ['type=local', 'needs src=FOLDER'],
  ['type=gha,max', '"max" is no attribute'],
])('%s is a fault', (line, sentence) => {
  expect(parseCache(line)).toContain(sentence);
});
