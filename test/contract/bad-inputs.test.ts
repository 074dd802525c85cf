// Bad inputs, given to every entry of dist as the runner gives them: one clear message with everything that is wrong, exit 1,
// all common outputs, no stack trace, no secret.
import { access } from 'node:fs/promises';
import { expectNoSecret, type Job, type StepResult, startJob } from '@deploy-actions/harness';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorsOf, loadSuite, releaseTree, type SuiteAction } from './suite.ts';

const SECRET = 'hunter2-kanarienvogel';

/** A text that no field of the kind takes; undefined where the kind takes any text. A new kind of field needs its row. */
const MALFORMED: Readonly<Record<string, string | undefined>> = {
  boolean: 'perhaps',
  choice: 'no-such-choice',
  duration: '10',
  integer: '1.5',
  list: undefined,
  pairs: 'unfit',
  path: '../outside',
  paths: '../outside',
  share: 'half',
  size: '10 cows',
  text: undefined,
  words: undefined,
  yaml: '{ unfit: [',
};

const suite = await loadSuite();
const release = await releaseTree();
let job: Job;

beforeEach(async () => {
  job = await startJob({ tree: release.tree });
});
afterEach(async () => {
  await job.end();
  await job.remove();
});
afterAll(() => release.remove());

/** Runs the action and holds what must be true of every step whose inputs are wrong. */
async function refused(
  action: SuiteAction,
  inputs: Readonly<Record<string, string>>,
): Promise<{ step: StepResult; message: string }> {
  const step = await job.run(action.name, inputs);
  expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'failed', reason: 'error-input' } });
  expect(Object.keys(step.outputs).sort()).toEqual(Object.keys(action.file.outputs).sort());
  expect(step.outputs.handoff).toMatch(/^[\w.-]+$/);
  await access(step.outputs.report ?? '');
  expect(step.rawLog).not.toMatch(/^\s+at .*[:(]/m);
  expect(step.annotations.filter((note) => note.level === 'error')).toHaveLength(1);
  const message = errorsOf(step);
  expect(message).toContain('error-input');
  expect(message).toContain('nothing was started');
  return { step, message };
}

describe.each(suite)('$name', (action) => {
  const fields = Object.entries(action.fields);

  it('asks for what is missing, and takes an empty input for a missing one', async () => {
    const { message } = await refused(action, {});
    for (const [name, field] of fields) if (field.required) expect(message).toContain(name);
    const empty = await refused(action, Object.fromEntries(Object.keys(action.file.inputs).map((name) => [name, ''])));
    expect(withoutTime(empty.message)).toBe(withoutTime(message));
  });

  it('names every malformed input at once, and shows no secret', async () => {
    const kinds = fields.map(([, field]) => field.kind);
    expect(kinds.filter((kind) => !(kind in MALFORMED))).toEqual([]);
    const malformed = fields.flatMap(([name, field]) => {
      const text = MALFORMED[field.kind];
      return text === undefined ? [] : [[name, field.secret ? text.replace('unfit', SECRET) : text] as const];
    });
    const secrets = fields.filter(([, field]) => field.secret).map(([name]) => [name, SECRET] as const);
    const { message } = await refused(action, Object.fromEntries([...secrets, ...malformed]));
    for (const [name] of malformed) expect(message).toMatch(new RegExp(`(^|[ \\n])${name}: `));
    await job.end();
    await expectNoSecret(job, [SECRET]);
  });

  it('names an input that does not exist, and the one that was meant', async () => {
    const meant = Object.keys(action.code.inputs).sort((a, b) => b.length - a.length)[0] ?? '';
    const slip = meant.slice(0, 3) + meant.slice(4);
    const { message } = await refused(action, { [slip]: 'x', 'entirely-else': 'x' });
    expect(message).toContain(`${slip}: is no input of this action – did you mean \`${meant}\``);
    expect(message).toMatch(/entirely-else: is no input of this action/);
  });

  const spellings = fields.flatMap(([name, field]) => field.aliases.map((alias) => [name, alias] as const));
  if (spellings.length === 0) return;
  it('refuses an input under two of its names, and takes each alone', async () => {
    const both = await refused(
      action,
      Object.fromEntries(spellings.flatMap((pair) => pair.map((name) => [name, 'x']))),
    );
    for (const [name, alias] of spellings)
      expect(both.message).toMatch(new RegExp(`${name}: given twice, as .*\`${alias}\``));
    // A name of no input makes every one of these runs end before it starts.
    const alone = await refused(action, {
      ...Object.fromEntries(spellings.map(([, alias]) => [alias, 'true'])),
      'entirely-else': 'x',
    });
    expect(alone.message).not.toContain('given twice');
  });
});

function withoutTime(message: string): string {
  return message.replaceAll(/\d+(\.\d+)? ?m?s\b/g, '');
}
