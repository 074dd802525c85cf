import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { FieldSurroundings, Parsed } from './field.ts';
import { fault, ok } from './make.ts';
import { insideWorkspace } from './paths.ts';

/** YAML text and where it stands; `file` is relative to the workspace and undefined for YAML in place. */
export interface YamlSource {
  readonly text: string;
  readonly file: string | undefined;
}

/**
 * YAML in place, or what the file holds that the one line names (`.yaml`, `.yml`, `.json`).
 * A line with `: ` in it, or one that opens a bracket or a quote, is YAML even if it ends like a file's name.
 */
export function yamlSource(given: string, { workspace }: FieldSurroundings): Parsed<YamlSource> {
  const written = given.trim();
  const isFile = /^[^\n\r{["'&*!|>%@`]+\.(ya?ml|json)$/i.test(written) && !/: |^- /.test(written);
  if (!isFile) return ok({ text: given, file: undefined });
  const path = insideWorkspace(written, workspace);
  if (!path.ok) return path;
  try {
    return ok({ text: readFileSync(path.value, 'utf8'), file: relative(workspace, path.value) });
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return fault(
      `the file \`${written}\` ${missing ? 'does not exist' : 'cannot be read'}`,
      'YAML in place, or the path of a .yaml, .yml or .json file',
    );
  }
}

/**
 * Fills in `${NAME}` from the environment, `$${` standing for a literal `${`. Done in scalars after parsing, never in the file's text,
 * so that no value can become YAML syntax. Yields the names that have no value.
 */
export function expandVariables(
  text: string,
  env: FieldSurroundings['env'],
): { readonly text: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const expanded = text.replace(/\$\$\{|\$\{([^}]*)\}/g, (whole, name: string | undefined) => {
    if (name === undefined) return '${';
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === undefined) missing.push(name);
    return value ?? whole;
  });
  return { text: expanded, missing };
}
