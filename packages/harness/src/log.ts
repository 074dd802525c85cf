/** What a step said about a file, or at large. Lines and columns count from 1, as text as it was written. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly title?: string;
  readonly file?: string;
  readonly line?: string;
}

const COMMAND = /^\s*::([\w-]+)(?: (.*?))?::(.*)$/;

/**
 * Reads a step's lines as the runner does: workflow commands are carried out, masks are laid over what follows.
 * Only whole values and their lines are masked, as add-mask says; the runner's masking of encoded forms is left out,
 * so that a test sees what a step's own redaction let through.
 */
export class StepLog {
  readonly annotations: Annotation[] = [];
  /** What the user sees. */
  readonly masked: string[] = [];
  /** What the step wrote, without the add-mask commands. */
  readonly raw: string[] = [];
  readonly #masks: Set<string>;
  readonly #debug: boolean;
  #stopped: string | undefined;

  /** `masks` belongs to the job: what one step masks stays masked in the later ones. */
  constructor(masks: Set<string>, debug = false) {
    this.#masks = masks;
    this.#debug = debug;
  }

  add(line: string): void {
    const command = this.#command(line);
    if (command === undefined) this.#show(line);
    else this.#carryOut(command, line);
  }

  #command(line: string): { name: string; properties: Record<string, string>; data: string } | undefined {
    const [, name, properties = '', data = ''] = COMMAND.exec(line) ?? [];
    if (name === undefined) return undefined;
    if (this.#stopped !== undefined) {
      if (name === this.#stopped) this.#stopped = undefined;
      return undefined;
    }
    return { name, properties: parseProperties(properties), data: unescapeData(data) };
  }

  #carryOut(command: { name: string; properties: Record<string, string>; data: string }, line: string): void {
    const { name, properties, data } = command;
    switch (name) {
      case 'error':
      case 'warning':
      case 'notice': {
        const { title, file, line: at } = properties;
        this.annotations.push({
          level: name,
          message: this.#cover(data),
          ...(title && { title }),
          ...(file && { file }),
          ...(at && { line: at }),
        });
        this.#show(`##[${name}]${data}`);
        break;
      }
      case 'add-mask':
        this.#mask(data);
        break;
      case 'stop-commands':
        this.#stopped = data;
        break;
      case 'debug':
        this.raw.push(line);
        if (this.#debug) this.masked.push(this.#cover(`##[debug]${data}`));
        break;
      case 'set-output':
      case 'save-state':
        throw new Error(`the runner no longer takes ::${name}::, write to the file instead`);
      default:
        this.#show(line);
    }
  }

  #show(text: string): void {
    this.raw.push(text);
    this.masked.push(this.#cover(text));
  }

  #mask(value: string): void {
    for (const part of [value, ...value.split(/[\r\n]+/)]) if (part.trim() !== '') this.#masks.add(part);
  }

  #cover(text: string): string {
    const longestFirst = [...this.#masks].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((covered, mask) => covered.replaceAll(mask, '***'), text);
  }
}

function parseProperties(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split(/=(.*)/s, 2));
  return Object.fromEntries(
    pairs.map(([name = '', value = '']) => [name.trim(), unescapeProperty(value)]).filter(([name]) => name !== ''),
  );
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}
