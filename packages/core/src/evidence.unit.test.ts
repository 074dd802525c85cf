import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createEvidence } from './evidence.ts';
import { createRedactor } from './redact.ts';
import { Secret } from './secret.ts';

const root = mkdtempSync(join(tmpdir(), 'evidence-'));
afterAll(() => rmSync(root, { recursive: true }));
let home = '';
beforeEach(() => {
  home = join(mkdtempSync(join(root, 'job-')), 'deploy-actions');
});
const redactor = createRedactor();
redactor.add('hunter2');
redactor.add('543210');
redactor.add('true');

describe('createEvidence', () => {
  it('counts the steps of a job', () => {
    const names = ['build-and-push', 'scan-image', 'build-and-push'].map(
      (action) => createEvidence(home, action, redactor).dir,
    );
    expect(names).toEqual(['01-build-and-push', '02-scan-image', '03-build-and-push'].map((name) => join(home, name)));
    mkdirSync(join(home, '99-x'));
    writeFileSync(join(home, 'report.json'), '');
    expect(createEvidence(home, 'y', redactor).dir).toBe(join(home, '100-y'));
  });

  it('goes on in the folder of the main step', () => {
    const { dir } = createEvidence(home, 'x', redactor);
    expect(createEvidence(home, 'x', redactor, dir).dir).toBe(dir);
  });

  it('writes for the owner alone, in folders too', async () => {
    const evidence = createEvidence(home, 'x', redactor);
    const path = await evidence.write('logs/api.main.log', 'the password is hunter2\n');
    expect([path, readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual([
      join(evidence.dir, 'logs/api.main.log'),
      'the password is ***\n',
      0o600,
    ]);
    expect(statSync(evidence.dir).mode & 0o777).toBe(0o700);
  });

  it('writes objects as JSON that stays JSON when redacted', async () => {
    const evidence = createEvidence(home, 'x', redactor);
    const path = await evidence.write('a.json', {
      text: 'a hunter2',
      number: 543210,
      boolean: true,
      other: false,
      secret: new Secret('x'),
      map: new Map([['k', 'hunter2']]),
      hunter2: 'x',
    });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      text: 'a ***',
      number: '***',
      boolean: '***',
      other: false,
      secret: '***',
      map: { k: '***' },
      '***': 'x',
    });
  });

  it.each(['../x', 'a/../../x'])('does not write to %s', async (name) => {
    await expect(createEvidence(home, 'x', redactor).write(name, 'x')).rejects.toThrow('outside of its folder');
  });
});
