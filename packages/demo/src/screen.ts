import { stripVTControlCharacters, styleText } from 'node:util';
import type { Progress } from '@deploy-actions/sandbox';

/** What a person sees of the demo: lines with the time that has passed and the time that is left. */
export class Screen {
  readonly #write: (line: string) => void;
  readonly #left: () => number;
  readonly #begun = performance.now();
  /** Every line so far, with its colours. */
  readonly transcript: string[] = [];

  /** @param left seconds until the end, as far as one can tell. */
  constructor(write: (line: string) => void, left: () => number) {
    this.#write = write;
    this.#left = left;
  }

  heading(text: string, note = ''): void {
    this.line('');
    this.line(`${this.#clock()}  ${styleText('bold', text, ALWAYS)}  ${styleText('dim', note, ALWAYS)}`.trimEnd());
  }

  started(title: string): void {
    this.line(`      ${styleText('dim', '…', ALWAYS)} ${pad(title, 44)}${this.#remaining()}`);
  }

  done(title: string, seconds: number): void {
    this.line(`      ${styleText('green', '✓', ALWAYS)} ${pad(title, 36)}${time(seconds)}${this.#remaining()}`);
  }

  failed(title: string, seconds: number, why = ''): void {
    const mark = styleText('red', '✗', ALWAYS);
    this.line(`      ${mark} ${pad(title, 36)}${time(seconds)}  ${styleText('red', why, ALWAYS)}`.trimEnd());
  }

  text(lines: readonly string[]): void {
    for (const line of lines) this.line(`        ${line}`);
  }

  line(text: string): void {
    this.transcript.push(text);
    this.#write(text);
  }

  /** The same for what the sandbox does. */
  progress(): Progress {
    return {
      tell: (line) => this.text([styleText('dim', line, ALWAYS)]),
      step: async (title, work) => {
        const begun = performance.now();
        const seconds = () => (performance.now() - begun) / 1000;
        const announce = setTimeout(() => this.started(title), 1000);
        try {
          const result = await work((detail) => this.started(`${title}: ${detail}`));
          this.done(title, seconds());
          return result;
        } catch (error) {
          this.failed(title, seconds());
          throw error;
        } finally {
          clearTimeout(announce);
        }
      },
    };
  }

  #clock(): string {
    return minutes((performance.now() - this.#begun) / 1000).padStart(5);
  }

  #remaining(): string {
    const left = this.#left();
    return left < 1 ? '' : styleText('dim', `   about ${minutes(left)} left`, ALWAYS);
  }
}

/** Colours are kept for the picture; where the terminal has none they are taken off on the way out. */
const ALWAYS = { validateStream: false } as const;

/** A line for standard output: plain where that is no terminal. */
export function printLine(line: string): void {
  process.stdout.write(`${process.stdout.isTTY ? line : stripVTControlCharacters(line)}\n`);
}

/** `1:05` */
function minutes(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function time(seconds: number): string {
  return `${seconds.toFixed(1)} s`.padStart(8);
}

function pad(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}
