import { expect, it } from 'vitest';
import { isOvertaken } from './versions.ts';

it.each([
  ['v1.9.1', ['1.9.0', '2.0.0', 'latest'], '2.0.0'],
  ['v2.0.0', ['1.9.0', '2.0.0', 'main'], undefined],
  ['v1.9.1', ['2.0.0-rc.1', 'sha-90dd603'], undefined],
  ['nightly', ['2.0.0'], undefined],
])('%s beside %j is overtaken by %s', async (version, tags, by) => {
  expect(await isOvertaken(version, tags)).toBe(by);
});
