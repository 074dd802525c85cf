import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { releaseReport } from '@deploy-actions/core';
import { toJsonSchema } from '@valibot/to-json-schema';
import { ROOT } from '../repository.ts';

/** Where tools of others find the report's schema. */
export const REPORT_SCHEMA = 'docs/report.schema.json';

/** The release report as JSON Schema, made from the one that the actions check it with. */
export function reportSchema(): string {
  const schema = {
    title: 'Release report of deploy-actions, version 1',
    ...toJsonSchema(releaseReport, { target: 'draft-2020-12' }),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Writes the schema where it is stale, or with `check` only looks; returns whether it was. */
export async function renderReportSchema(check: boolean): Promise<boolean> {
  const path = join(ROOT, REPORT_SCHEMA);
  const fresh = reportSchema();
  if (fresh === (await readFile(path, 'utf8').catch(() => ''))) return false;
  if (!check) await writeFile(path, fresh);
  return true;
}
