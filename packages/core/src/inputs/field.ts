/** What a field's parser may look at besides the text itself. */
export interface FieldSurroundings {
  /** Absolute path of the workspace; paths must stay inside it. */
  readonly workspace: string;
  /** The step's environment, for `${NAME}` in files. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly accepted?: string };

/** One input: how its text becomes a typed value. Made by the functions in kinds.ts, never by hand in an action. */
export interface Field<T> {
  /** How it is written: text, list, pairs, boolean, duration, size, share, yaml, path, choice. */
  readonly kind: string;
  /** Other spellings accepted; giving two of them is an error. */
  readonly aliases: readonly string[];
  /** True: the value is masked as it is read. */
  readonly secret: boolean;
  readonly required: boolean;
  /** The default as a user would write it; what action.yml says too. Undefined: the value is undefined when not given. */
  readonly default: string | undefined;
  parse(text: string, surroundings: FieldSurroundings): Parsed<T>;
}

/** The inputs of an action: one field a name. `T[name]` is what `inputs.name` yields. */
export type Fields<T> = { readonly [Name in keyof T]-?: Field<T[Name]> };

/** The type of the parsed inputs of a set of fields. */
export type InputsOf<F> = { readonly [Name in keyof F]: F[Name] extends Field<infer T> ? T : never };
