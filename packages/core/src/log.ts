import * as core from '@actions/core';
import type { Place } from './errors.ts';
import type { Redactor } from './redact.ts';

/** The step's log; every text is redacted. Notices, warnings and errors are annotations, at `place` where it has a file. */
export interface Log {
  info(line: string): void;
  notice(text: string, place?: Place): void;
  warning(text: string, place?: Place): void;
  error(text: string, place?: Place): void;
  /** Shown only where step debug logging is on. */
  debug(line: string): void;
  /** A foldable part of the log; it ends when `work` does, also by throwing. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
}

/** Annotations longer than this are cut off by GitHub in places that are hard to foresee. */
const LONGEST_ANNOTATION = 4_000;

/** The log that the runner reads: our standard output. */
export function createLog(redactor: Redactor): Log {
  const clean = (text: string) => redactor.redact(text);
  const short = (text: string) => {
    const cleaned = clean(text);
    return cleaned.length > LONGEST_ANNOTATION ? `${cleaned.slice(0, LONGEST_ANNOTATION)} …` : cleaned;
  };
  return {
    info: (line) => core.info(disarm(clean(line))),
    notice: (text, place) => core.notice(short(text), annotationAt(place)),
    warning: (text, place) => core.warning(short(text), annotationAt(place)),
    error: (text, place) => core.error(short(text), annotationAt(place)),
    debug: (line) => core.debug(clean(line)),
    group: (title, work) => core.group(clean(title), work),
  };
}

/**
 * The runner takes a line that begins with `::`, and one that holds `##[`, for a command. What we print is often another program's,
 * so those marks are broken by a character that does not show.
 */
export function disarm(text: string): string {
  return text.replace(/^(\s*):(?=:)/gm, '$1:\u200b').replaceAll('##[', '##\u200b[');
}

function annotationAt(place: Place | undefined): core.AnnotationProperties {
  return {
    ...(place?.file === undefined ? {} : { file: place.file }),
    ...(place?.line === undefined ? {} : { startLine: place.line }),
    ...(place?.column === undefined ? {} : { startColumn: place.column }),
  };
}
