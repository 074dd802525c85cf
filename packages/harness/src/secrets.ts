import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from './job.ts';

const SHORTEST_LINE = 4;

/** The forms in which a secret must not be seen: whole, each line, base64, URL- and JSON-escaped. Not core's own list of them, which would be its own judge. */
function forms(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.trim().length >= SHORTEST_LINE);
  const whole = [
    secret,
    Buffer.from(secret).toString('base64'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
  return [...new Set([...whole, ...lines])];
}

/**
 * Where any of `secrets` can be seen after the job: logs before and after masking, outputs, variables, summaries, annotations,
 * command lines of programs, and every file left in the job's temporary folder, home and tools. Each finding is one line without the value.
 */
export async function findSecrets(job: Job, secrets: readonly string[]): Promise<string[]> {
  const places: [string, string][] = [['variables for later steps', JSON.stringify(job.env)]];
  for (const [at, step] of job.results.entries()) {
    const { log, rawLog, outputs, state, summary, annotations, commandLines } = step;
    const texts = { log, 'log before masking': rawLog, summary, 'command lines': commandLines.join('\n') };
    for (const [name, text] of Object.entries({
      ...texts,
      ...prefixed('output', outputs),
      ...prefixed('state', state),
    })) {
      places.push([`process ${at + 1}: ${name}`, text]);
    }
    places.push([`process ${at + 1}: annotations`, annotations.map((note) => note.message).join('\n')]);
  }
  for (const folder of [job.folders.temp, job.folders.home, job.folders.tools]) places.push(...(await filesOf(folder)));
  return secrets.flatMap((secret, number) =>
    places
      .filter(([, text]) => forms(secret).some((form) => text.includes(form)))
      .map(([place]) => `secret ${number + 1} shows in ${place}`),
  );
}

/** Fails, naming each place, where {@link findSecrets} finds any. Call it after `job.end()` and before `job.remove()`. */
export async function expectNoSecret(job: Job, secrets: readonly string[]): Promise<void> {
  assert.ok(
    secrets.length > 0 && secrets.every((secret) => secret.length >= SHORTEST_LINE),
    'no secret given to look for',
  );
  assert.deepEqual(await findSecrets(job, secrets), []);
}

function prefixed(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix} ${name}`, value]));
}

async function filesOf(folder: string): Promise<[string, string][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (path): Promise<[string, string]> => [`file ${path}`, await readFile(path, 'utf8')]),
  );
}
