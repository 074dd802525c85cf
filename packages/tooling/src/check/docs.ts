import { join, relative } from 'node:path';
import { REPORT_SCHEMA, renderReportSchema } from '../docs/report-schema.ts';
import { renderReadmes } from '../docs/tables.ts';
import { findActions, ROOT } from '../repository.ts';
import type { Check } from './check.ts';

/** What is made from the sources for people to read is made from these sources. */
export const docsAreFresh: Check = {
  name: 'docs are fresh',
  async run() {
    const stale = await renderReadmes(await findActions(), true);
    if (await renderReportSchema(true)) stale.push(join(ROOT, REPORT_SCHEMA));
    return stale.map((path) => `${relative(ROOT, path)} is stale: run script/build --docs`);
  },
};
