import { toJsonSchema } from '@valibot/to-json-schema';
import { releaseReport } from './schema.ts';

/** The release report as JSON Schema (draft 2020-12), for whoever reads it in another language. */
export function reportJsonSchema(): object {
  return {
    ...toJsonSchema(releaseReport, { target: 'draft-2020-12' }),
    title: 'Release report of deploy-actions, version 1',
  };
}
