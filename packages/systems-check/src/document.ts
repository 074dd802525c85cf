import * as v from 'valibot';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { AREAS, type System, Systems } from './schema.ts';

/** Something wrong with the document: where in it, as a path of keys and indexes, and what. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A read document: its systems (empty when anything is wrong), the faults, and a way to say where a fault is. */
export interface SystemsDocument {
  readonly systems: readonly System[];
  readonly faults: readonly Fault[];
  /** `LINE: ID: what is wrong`, the line counted from 1, the id where the fault is in a statement that has one. */
  describe(fault: Fault): string;
}

/** Reads the text of docs/systems.yaml: YAML, then the schema, then the rules between entries. All faults are kept. */
export function readSystems(text: string): SystemsDocument {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines });
  const describe = (fault: Fault): string => {
    const [collection, system, list, index] = fault.path;
    const id = yaml.getIn([collection, system, list, index, 'id']);
    return `${lineOf(fault.path)}: ${typeof id === 'string' ? `${id}: ` : ''}${fault.message}`;
  };
  // A missing key has no place of its own: the nearest enclosing node's line is given.
  const lineOf = (path: readonly (string | number)[]): number => {
    const node = path.length > 0 ? yaml.getIn(path, true) : yaml.contents;
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    return path.length > 0 ? lineOf(path.slice(0, -1)) : 1;
  };

  const [broken] = yaml.errors;
  if (broken) {
    const line = broken.linePos?.[0].line ?? 1;
    return { systems: [], faults: [{ path: [], message: broken.message }], describe: (f) => `${line}: ${f.message}` };
  }
  const result = v.safeParse(Systems, yaml.toJS());
  const faults = result.success
    ? ruleFaults(result.output.systems)
    : result.issues.map((issue) => ({ path: pathOf(issue), message: issue.message }));
  return { systems: result.success && faults.length === 0 ? result.output.systems : [], faults, describe };
}

function pathOf(issue: v.BaseIssue<unknown>): (string | number)[] {
  return (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
}

/** The rules between entries: names and ids are unique, and an id says its system and its area. */
function ruleFaults(systems: readonly System[]): Fault[] {
  const faults: Fault[] = [];
  const names = new Set<string>();
  const ids = new Set<string>();
  for (const [s, system] of systems.entries()) {
    if (names.has(system.name)) faults.push({ path: ['systems', s, 'name'], message: `${system.name} is there twice` });
    names.add(system.name);
    for (const [i, { id, area }] of system.statements.entries()) {
      const path = ['systems', s, 'statements', i, 'id'];
      const stem = `${system.name}-${AREAS[area]}-`;
      if (ids.has(id)) faults.push({ path, message: 'the id is there twice' });
      if (!id.startsWith(stem) || !/^\d\d$/.test(id.slice(stem.length))) {
        faults.push({ path, message: `the id must be ${stem} and two digits` });
      }
      ids.add(id);
    }
  }
  return faults;
}
