import { relative } from 'node:path';
import { renderReadmes } from '../docs/tables.ts';
import { findActions, ROOT } from '../repository.ts';
import type { Check } from './check.ts';

/** The READMEs' tables are those of action.yml. (The report's schema has a unit test in packages/core.) */
export const readmesAreFresh: Check = {
  name: 'README tables',
  async run() {
    const stale = await renderReadmes(await findActions(), true);
    return stale.map((path) => `${relative(ROOT, path)} has stale tables: run script/build --docs`);
  },
};
