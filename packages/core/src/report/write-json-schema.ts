// Makes docs/report.schema.json anew: node packages/core/src/report/write-json-schema.ts && npx biome format --write docs
import { writeFileSync } from 'node:fs';
import { reportJsonSchema } from './json-schema.ts';

const file = new URL('../../../../docs/report.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
