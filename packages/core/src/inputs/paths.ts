import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Field, FieldSurroundings, Parsed } from './field.ts';
import { meaningfulLines } from './lines.ts';
import { type FieldOptions, fault, field, ok, type Value } from './make.ts';

/** A file or folder, relative to the workspace or absolute, as an absolute path. It must stay inside, symbolic links included; it need not exist. */
export function path<const O extends FieldOptions>(options: O = {} as O): Field<Value<string, O>> {
  return field('path', options, (given, { workspace }) => {
    const written = given.trim();
    return insideWorkspace(written, workspace);
  });
}

/** Files, folders or globs, one a line, as given; each checked to stay inside the workspace. */
export function paths<const O extends FieldOptions>(options: O = {} as O): Field<Value<readonly string[], O>> {
  return field('paths', options, (given, surroundings) => parsePaths(given, surroundings));
}

function parsePaths(given: string, { workspace }: FieldSurroundings): Parsed<readonly string[]> {
  const items = meaningfulLines(given);
  const faults = items.flatMap((item) => {
    const checked = insideWorkspace(item, workspace);
    return checked.ok ? [] : [checked.message];
  });
  return faults.length === 0 ? ok(items) : fault(faults.join('; '), ACCEPTED);
}

const ACCEPTED = 'a path inside the workspace';

/** Resolves `written`, no glob, against the workspace; a fault where it leads out of it, by `..` or by a symbolic link. */
export function insideWorkspace(written: string, workspace: string): Parsed<string> {
  if (written.includes('\0')) return fault('holds a NUL character', ACCEPTED);
  const absolute = resolve(workspace, written);
  const real = realOf(absolute);
  if (leadsOut(workspace, absolute) && leadsOut(realOf(workspace), absolute))
    return fault(`\`${written}\` is outside of the workspace`, ACCEPTED);
  return leadsOut(realOf(workspace), real)
    ? fault(`\`${written}\` leads out of the workspace by a symbolic link`, ACCEPTED)
    : ok(absolute);
}

function leadsOut(folder: string, target: string): boolean {
  const way = relative(folder, target);
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
}

/** More links in a row than Linux follows. */
const LINKS_FOLLOWED = 40;

/** The path with its symbolic links followed as far as it exists; of a link that leads nowhere, where it would create a file. */
function realOf(target: string, left = LINKS_FOLLOWED): string {
  try {
    return realpathSync(target);
  } catch {
    const parent = dirname(target);
    if (parent === target) return target;
    const real = join(realOf(parent, left), basename(target));
    const link = left > 0 ? linkAt(real) : undefined;
    return link === undefined ? real : realOf(resolve(dirname(real), link), left - 1);
  }
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
