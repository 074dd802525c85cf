/**
 * The fields of one CSV record: commas part them, double quotes keep a comma inside one (`"value=a,b"`), two double quotes are one.
 * Tag rules, caches and attestations are all written so (metadata-action and buildx read them as CSV).
 */
export function csvFields(line: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at];
    if (char === '"' && quoted && line[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (char === '"') {
      quoted = !quoted;
    } else if (char === ',' && !quoted) {
      fields.push(field.trim());
      field = '';
    } else {
      field += char;
    }
  }
  fields.push(field.trim());
  return fields;
}

/** `key=value` fields as a map, keys in lower case; a field without `=` stands under the empty key. */
export function csvAttributes(line: string): ReadonlyMap<string, string> {
  return new Map(
    csvFields(line).map((field) => {
      const at = field.indexOf('=');
      return at < 0 ? ['', field] : [field.slice(0, at).trim().toLowerCase(), field.slice(at + 1).trim()];
    }),
  );
}
