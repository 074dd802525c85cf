import type { JsonValue } from 'jsonpath-rfc9535';

/** True for an expression of RFC 9535. */
export async function isJsonPath(expression: string): Promise<boolean> {
  const { query } = await import('jsonpath-rfc9535');
  try {
    query(null, expression);
    return true;
  } catch {
    return false;
  }
}

/** The values that `expression` finds in a JSON text; undefined where the text is no JSON. */
export async function valuesAt(json: string, expression: string): Promise<readonly JsonValue[] | undefined> {
  const { query } = await import('jsonpath-rfc9535');
  let document: JsonValue;
  try {
    document = JSON.parse(json);
  } catch {
    return undefined;
  }
  return query(document, expression);
}

/** A JSON value as a user would write it in a check: texts bare, everything else as JSON. */
export function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
