import { duration, secretScalar } from '@deploy-actions/core';
import * as v from 'valibot';

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const durationField = duration({ required: true });

/** `2s`, in milliseconds. */
const milliseconds = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const parsed = durationField.parse(dataset.value, { workspace: '', env: {} });
    if (parsed.ok) return parsed.value;
    addIssue({ message: `${parsed.message}${parsed.accepted === undefined ? '' : ` (accepted: ${parsed.accepted})`}` });
    return NEVER;
  }),
);

const expression = v.pipe(
  v.string(),
  v.check((text) => isRegularExpression(text), 'must be a regular expression of JavaScript'),
);

const statusCode = v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599));

/** One item of `checks` as the user writes it. Values to compare with are texts: `$.count: 3` holds for the number and for "3". */
const check = v.pipe(
  v.strictObject({
    name: v.optional(v.string()),
    url: v.optional(v.string()),
    tcp: v.optional(v.string()),
    method: v.optional(v.picklist(METHODS)),
    headers: v.optional(v.record(v.string(), secretScalar)),
    body: v.optional(secretScalar),
    status: v.optional(v.union([statusCode, v.array(statusCode)])),
    jsonpath: v.optional(v.record(v.string(), v.string())),
    contains: v.optional(v.union([v.string(), v.array(v.string())])),
    matches: v.optional(expression),
    header: v.optional(v.record(v.string(), v.string())),
    version: v.optional(
      v.strictObject({
        jsonpath: v.optional(v.string()),
        header: v.optional(v.string()),
        matches: v.optional(expression),
      }),
    ),
    'certificate-days': v.optional(v.pipe(v.number(), v.minValue(0))),
    'max-time': v.optional(milliseconds),
  }),
  v.check((given) => (given.url === undefined) !== (given.tcp === undefined), 'needs either url or tcp'),
  v.check(
    (given) => given.tcp === undefined || Object.keys(given).every((key) => ['name', 'tcp', 'max-time'].includes(key)),
    'tcp takes only name and max-time beside it',
  ),
  v.check(
    (given) =>
      given.version === undefined || Object.values(given.version).filter((part) => part !== undefined).length === 1,
    'version needs one of jsonpath, header and matches',
  ),
);

export const checkList = v.pipe(v.array(check), v.minLength(1, 'needs at least one check'));
export type WrittenCheck = v.InferOutput<typeof check>;

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
