import { basename, join } from 'node:path';
import { findActions, ROOT } from '../repository.ts';
import { bundle } from './bundle.ts';
import { emit } from './emit.ts';
import { type Entry, findEntries } from './entries.ts';

/**
 * Sources → JavaScript → bundle. `work` names the folder below build/ for what lies between, so that two builds can go on at once;
 * it must be one level deep, since module ids in the bundle come from paths relative to it.
 */
export async function build(options: {
  out: string;
  work?: string;
}): Promise<{ entries: readonly Entry[]; stats: string }> {
  const emitted = join(ROOT, 'build', basename(options.work ?? 'js'));
  const entries = await findEntries(await findActions());
  await emit(ROOT, emitted);
  await bundle(ROOT, emitted, entries, options.out);
  return { entries, stats: join(emitted, 'stats.json') };
}
