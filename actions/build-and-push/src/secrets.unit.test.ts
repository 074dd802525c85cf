import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRedactor, Secret } from '@deploy-actions/core';
import { afterAll, expect, test } from 'vitest';
import { hideSecrets } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what a RUN step prints of its secrets is hidden: values, lines of files, and what a line assigns', async () => {
  const path = join(folder, '.npmrc');
  writeFileSync(path, 'always-auth=true\n//npm.example.com/:_authToken=npm_0123456789abcdef\n');
  const redactor = createRedactor();
  await hideSecrets(
    [
      { id: 'npmrc', from: 'file', path },
      { id: 'key', from: 'value', value: new Secret('hunter2hunter2') },
    ],
    redactor,
  );
  const shown = redactor.redact('token npm_0123456789abcdef, key hunter2hunter2, auth is true');
  expect(shown).toBe('token ***, key ***, auth is true');
});

test('a bundle of certificates is no password: the text stays readable', async () => {
  const path = join(folder, 'ca.pem');
  writeFileSync(path, 'certificate line\n'.repeat(5_000));
  const redactor = createRedactor();
  await hideSecrets([{ id: 'ca', from: 'file', path }], redactor);
  expect(redactor.redact('a certificate line')).toBe('a certificate line');
});
