import { InputError, type InputFault } from '../errors.ts';
import type { Field, FieldSurroundings, Fields } from './field.ts';
import { didYouMean } from './nearest.ts';
import { commonInputs } from './shared.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The runner's variable for an input: `INPUT_` and the name in capitals, blanks as `_`, hyphens kept. */
export function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

/**
 * The spellings of a field that were given, each with its text; an empty one counts as not given. The runner always gives action.yml's
 * default under the name itself, so beside an alias that says nothing.
 */
export function givenTexts(name: string, field: Field<unknown>, env: Env): readonly (readonly [string, string])[] {
  const given = [name, ...field.aliases].flatMap((spelling) => {
    const text = env[inputVariable(spelling)];
    return text === undefined || text.trim() === '' ? [] : [[spelling, text] as const];
  });
  return given.length > 1 && given[0]?.[1] === field.default ? given.slice(1) : given;
}

/**
 * Reads every input from `env`, the step's environment.
 * @throws InputError with all faults of all inputs: missing, malformed, given twice under two names, or unknown.
 */
export function parseInputs<T>(fields: Fields<T>, env: Env, surroundings: FieldSurroundings): T {
  const faults: InputFault[] = [];
  const values: Partial<Record<string, unknown>> = {};
  const entries = Object.entries<Field<unknown>>(fields as Readonly<Record<string, Field<unknown>>>);
  for (const [name, field] of entries) {
    const given = givenTexts(name, field, env);
    const written = given[0]?.[1] ?? field.default;
    if (given.length > 1) {
      faults.push({
        input: name,
        message: `given twice, as ${given.map(([spelling]) => `\`${spelling}\``).join(' and ')}`,
        accepted: 'one of them',
      });
    } else if (written === undefined) {
      if (field.required) faults.push({ input: name, message: `is required${spellings(field)}` });
      values[name] = undefined;
    } else {
      const parsed = field.parse(written, surroundings);
      if (parsed.ok) values[name] = parsed.value;
      else
        faults.push({
          input: name,
          message: parsed.message,
          ...(parsed.accepted === undefined ? {} : { accepted: parsed.accepted }),
        });
    }
  }
  faults.push(...unknownInputs(entries, env));
  if (faults.length > 0) throw new InputError(faults);
  // Every name of `fields` has its value by now.
  return values as T;
}

function spellings(field: Field<unknown>): string {
  return field.aliases.length === 0 ? '' : ` (also written ${field.aliases.map((alias) => `\`${alias}\``).join(', ')})`;
}

/** The runner passes on whatever stands under `with:`, and GitHub only warns of names that action.yml lacks; a typo must not pass for a default. */
function unknownInputs(entries: readonly (readonly [string, Field<unknown>])[], env: Env): readonly InputFault[] {
  const names = [...new Set([...entries.map(([name]) => name), ...Object.keys(commonInputs)])];
  const spelled = [...names, ...entries.flatMap(([, field]) => field.aliases)];
  const known = new Set(spelled.map(inputVariable));
  return Object.keys(env)
    .filter((variable) => variable.startsWith('INPUT_') && !known.has(variable) && env[variable]?.trim())
    .sort()
    .map((variable) => {
      const input = variable.slice('INPUT_'.length).toLowerCase();
      const hint = didYouMean(input, spelled);
      const message = `is no input of this action${hint}`;
      return hint === '' ? { input, message, accepted: names.join(', ') } : { input, message };
    });
}
