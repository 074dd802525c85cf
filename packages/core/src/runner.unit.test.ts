import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { homeOf, readRunner } from './runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'runner-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('readRunner', () => {
  it('reads the runner’s variables', () => {
    const env = {
      GITHUB_WORKSPACE: '/w',
      RUNNER_TEMP: '/t',
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_RUN_ID: '7',
      GITHUB_RUN_ATTEMPT: '2',
      GITHUB_SERVER_URL: 'https://git.example.com',
      GITHUB_ACTOR: 'ann',
      GITHUB_SHA: '4f2c',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_EVENT_NAME: 'push',
    };
    const runner = readRunner(env);
    expect(runner).toEqual({
      workspace: '/w',
      temp: '/t',
      repository: 'acme/shop',
      actor: 'ann',
      commit: '4f2c',
      ref: 'refs/heads/main',
      event: 'push',
      runUrl: 'https://git.example.com/acme/shop/actions/runs/7/attempts/2',
      isPrivate: undefined,
    });
    expect(homeOf(runner)).toBe('/t/deploy-actions');
  });

  it('does without them', () => {
    expect(readRunner({ GITHUB_REPOSITORY: '' })).toMatchObject({
      workspace: process.cwd(),
      temp: tmpdir(),
      repository: undefined,
      runUrl: undefined,
    });
  });

  it.each([
    ['{"repository":{"private":true}}', true],
    ['{"repository":{"private":false}}', false],
    ['{"repository":{}}', undefined],
    ['{}', undefined],
    ['no JSON', undefined],
  ])('takes the visibility from the event %s', (event, isPrivate) => {
    const path = join(folder, 'event.json');
    writeFileSync(path, event);
    expect(readRunner({ GITHUB_EVENT_PATH: path }).isPrivate).toBe(isPrivate);
    expect(readRunner({ GITHUB_EVENT_PATH: join(folder, 'nowhere') }).isPrivate).toBeUndefined();
  });
});
