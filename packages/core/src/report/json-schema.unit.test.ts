import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reportJsonSchema } from './json-schema.ts';

it('docs/report.schema.json is what the schema in the code says (write-json-schema.ts makes it anew)', () => {
  const published: unknown = JSON.parse(
    readFileSync(new URL('../../../../docs/report.schema.json', import.meta.url), 'utf8'),
  );
  expect(published).toEqual(JSON.parse(JSON.stringify(reportJsonSchema())));
});
