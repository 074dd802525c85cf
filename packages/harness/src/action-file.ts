import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';

/** GitHub reads defaults of any scalar type and hands them on as text. */
const scalar = v.pipe(
  v.union([v.string(), v.number(), v.boolean()]),
  v.transform((value) => String(value)),
);

const input = v.strictObject({
  description: v.string(),
  required: v.optional(v.boolean(), false),
  default: v.optional(scalar),
  deprecationMessage: v.optional(v.string()),
});

/** An action.yml of a JavaScript action, with every key that GitHub documents for one; any other key is refused. */
const actionFile = v.strictObject({
  name: v.string(),
  author: v.optional(v.string()),
  description: v.string(),
  branding: v.optional(v.strictObject({ icon: v.string(), color: v.string() })),
  inputs: v.optional(v.record(v.string(), input), {}),
  outputs: v.optional(v.record(v.string(), v.strictObject({ description: v.string() })), {}),
  runs: v.strictObject({
    using: v.literal('node24'),
    pre: v.optional(v.string()),
    main: v.string(),
    post: v.optional(v.string()),
    'pre-if': v.optional(v.string()),
    'post-if': v.optional(v.string()),
  }),
});

export type ActionFile = v.InferOutput<typeof actionFile>;
export type ActionInput = v.InferOutput<typeof input>;

/** Reads and checks one action.yml. Throws with the path and every fault in it. */
export async function readActionFile(path: string): Promise<ActionFile> {
  const result = v.safeParse(actionFile, parse(await readFile(path, 'utf8')));
  if (result.success) return result.output;
  const faults = result.issues.map((issue) => `${v.getDotPath(issue) ?? '(top)'}: ${issue.message}`);
  throw new Error(`${path} is no action.yml of a Node 24 action:\n  ${faults.join('\n  ')}`);
}
