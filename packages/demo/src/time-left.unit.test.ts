import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PHASES, TimeLeft } from './time-left.ts';

let folder: string;
let file: string;
let now: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'time-left-'));
  file = join(folder, 'cache', 'demo.json');
  now = 0;
});

afterEach(() => rm(folder, { recursive: true }));

it('counts down, and stands still where a part takes longer than it did', async () => {
  const time = await TimeLeft.from(file, () => now);
  const atFirst = time.left();
  now += 20_000;
  expect(time.left()).toBe(atFirst - 20);
  now += 3_600_000;
  const late = time.left();
  now += 60_000;
  expect(time.left()).toBe(late);
});

it('goes by the last run', async () => {
  const first = await TimeLeft.from(file, () => now);
  for (const phase of PHASES.slice(1)) {
    now += 10_000;
    first.begin(phase);
  }
  now += 10_000;
  await first.remember();
  expect((await TimeLeft.from(file, () => now)).left()).toBe(40);
});

it('forgets a run that did not get through', async () => {
  const broken = await TimeLeft.from(file, () => now);
  broken.begin('develop');
  await broken.remember();
  expect((await TimeLeft.from(file, () => now)).left()).toBeGreaterThan(400);
});

it('does without a file that it cannot read', async () => {
  const nonsense = join(folder, 'nonsense.json');
  await writeFile(nonsense, '{"set-up":"soon"}');
  expect((await TimeLeft.from(nonsense, () => now)).left()).toBeGreaterThan(400);
});
