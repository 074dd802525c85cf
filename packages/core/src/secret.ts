import { inspect } from 'node:util';

const HIDDEN = '***';

/**
 * A text that prints as `***` wherever it lands by accident: string templates, JSON, console, inspect.
 * `reveal()` is the one way to the value, so that every use of a secret can be found by that word.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
