import * as v from 'valibot';

/** The areas a statement may be about, in the order they are shown; each with the word its ids carry. */
export const AREAS = {
  deployment: 'deploy',
  'ci-cd': 'ci',
  health: 'health',
  backup: 'backup',
  rollback: 'rollback',
  monitoring: 'monitor',
  security: 'security',
  performance: 'perf',
} as const;
export type Area = keyof typeof AREAS;

/** Where a statement may stand, from done to not ours. */
export const STATES = ['met', 'partly', 'not yet', 'not proven here', 'outside'] as const;
export type State = (typeof STATES)[number];

const text = v.pipe(v.string('must be text'), v.trim(), v.nonEmpty('must not be empty'));

const isInside = (path: string): boolean =>
  path.split('/').every((part) => /^[\w.@-]+$/.test(part) && !/^\.+$/.test(part));
const file = v.pipe(text, v.check(isInside, 'must be a path inside the repository, such as docs/systems.md'));
// Only what `script/test` collects can prove something; a name after `#` picks one test of the file.
const test = v.pipe(
  text,
  v.check(isTest, 'must be the path of a .test.ts file, and after a # the name of one of its tests'),
);

function isTest(reference: string): boolean {
  const { path, name } = splitTest(reference);
  return isInside(path) && path.endsWith('.test.ts') && name !== '';
}

/** Splits `test/x.test.ts#a name` into path and name; without a `#` there is no name. */
export function splitTest(reference: string): { path: string; name: string | undefined } {
  const hash = reference.indexOf('#');
  return hash < 0
    ? { path: reference, name: undefined }
    : { path: reference.slice(0, hash), name: reference.slice(hash + 1).trim() };
}

const common = {
  id: text,
  area: v.picklist(Object.keys(AREAS) as Area[], `must be one of ${Object.keys(AREAS).join(', ')}`),
  quote: text,
};

/** Says of a missing or an unknown key what it is that lacks or refuses it. */
const keysOf = (what: string) => (issue: { expected: string | null; received: string }) =>
  issue.expected === 'never' ? `${what} takes no ${issue.received}` : `${what} needs ${issue.expected}`;

/** A statement of one state: which keys it needs and which it may have; every other key is a fault. */
function statement<const S extends State, E extends v.ObjectEntries>(state: S, entries: E) {
  return v.strictObject({ ...common, state: v.literal(state), ...entries }, keysOf(`"${state}"`));
}

const Statement = v.variant(
  'state',
  [
    statement('met', { file, test }),
    statement('partly', { reason: text, file, test: v.optional(test) }),
    statement('not yet', { reason: text }),
    statement('not proven here', { reason: text, file: v.optional(file) }),
    statement('outside', { reason: text }),
  ],
  `state must be one of ${STATES.join(', ')}`,
);
export type Statement = v.InferOutput<typeof Statement>;

const System = v.strictObject(
  {
    name: v.pipe(text, v.regex(/^[a-z][a-z0-9-]*$/, 'must be in kebab-case')),
    title: text,
    seed: text,
    statements: v.pipe(v.array(Statement, 'must be a list of statements'), v.minLength(1, 'must not be empty')),
  },
  keysOf('a system'),
);
export type System = v.InferOutput<typeof System>;

/** The whole of docs/systems.yaml. */
export const Systems = v.strictObject(
  { systems: v.pipe(v.array(System, 'must be a list of systems'), v.minLength(1, 'must not be empty')) },
  keysOf('the document'),
);
