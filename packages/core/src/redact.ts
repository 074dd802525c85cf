import { Secret } from './secret.ts';
import { variantsOf } from './secret-variants.ts';

/** Keeps secrets out of every text that leaves the step. */
export interface Redactor {
  /** From now on `value` is hidden, in every form that {@link variantsOf} knows. */
  add(value: string | Secret): void;
  /** `text` with every known secret as `***`. */
  redact(text: string): string;
}

const HIDDEN = '***';
/** Below this a value is hidden only where it stands alone: hiding every `a` would leave no text. */
const SHORT = 4;

/** A redactor that knows nothing yet. */
export function createRedactor(): Redactor {
  const long = new Set<string>();
  const short = new Set<string>();
  return {
    add(value) {
      const whole = (value instanceof Secret ? value.reveal() : value).trim();
      if (whole.length >= SHORT) for (const variant of variantsOf(whole, SHORT)) long.add(variant);
      else if (whole !== '') short.add(whole);
    },
    redact(text) {
      let hidden = text;
      // Hiding one secret may complete another (`a***b`), so until nothing is found; each round shortens the text.
      for (let spans = spansOf(hidden, long); spans.length > 0; spans = spansOf(hidden, long))
        hidden = hide(hidden, spans);
      return hide(hidden, standAlone(hidden, short));
    },
  };
}

type Span = readonly [start: number, end: number];

/** All places of all needles, overlapping ones too: of `abcd` and `cdef` in `abcdef` no letter may stay. */
function spansOf(text: string, needles: Iterable<string>): readonly Span[] {
  const spans: Span[] = [];
  for (const needle of needles) {
    for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1))
      spans.push([at, at + needle.length]);
  }
  return spans.sort((a, b) => a[0] - b[0]);
}

function standAlone(text: string, needles: Iterable<string>): readonly Span[] {
  const letter = /[\p{L}\p{N}_]/u;
  return spansOf(text, needles).filter(
    ([start, end]) =>
      !letter.test(text.charAt(start - 1)) && !letter.test(text.charAt(end)) && text.slice(start, end) !== HIDDEN,
  );
}

function hide(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const [start, end] of spans) {
    if (start >= done) parts.push(text.slice(done, start), HIDDEN);
    done = Math.max(done, end);
  }
  return parts.join('') + text.slice(done);
}
