import { AREAS, type Area, STATES, type Statement, type System, splitTest } from './schema.ts';

const INTRODUCTION = `# What five systems ask of a deployment

<!-- Rendered from docs/systems.yaml by packages/systems-check: change that file, then run \`node packages/systems-check/src/main.ts\`. -->

Five real systems wrote down how they are deployed, checked, backed up, rolled back, watched and kept safe. Each statement of theirs stands here in
its own words (\` … \` where words are left out) with what meets it:

- **met**: by the file named, and the test named proves it
- **partly**: by the file named; the reason says what is missing
- **not yet**: the reason names the part of the suite that will bring it
- **not proven here**: it takes something that doesn't run on one machine, which the reason names
- **outside**: not the suite's affair, and the reason says whose
`;

/** Renders docs/systems.md: how many statements of each system stand where, then a table per system and area. */
export function renderSystems(systems: readonly System[]): string {
  return `${[INTRODUCTION, renderMatrix(systems), ...systems.map(renderSystem)].join('\n')}`;
}

/** How many of the statements are in each state, in the order of `STATES`. */
export function countStates(statements: readonly Statement[]): number[] {
  return STATES.map((state) => statements.filter((statement) => statement.state === state).length);
}

function renderMatrix(systems: readonly System[]): string {
  const row = (label: string, statements: readonly Statement[]): string =>
    tableRow([label, ...countStates(statements).map(String), String(statements.length)]);
  return [
    tableRow(['system', ...STATES, 'all']),
    tableRow(['---', ...STATES.map(() => '--:'), '--:']),
    ...systems.map((system) => row(`[${escapeCell(system.title)}](#${anchor(system.title)})`, system.statements)),
    row(
      '**all**',
      systems.flatMap((system) => system.statements),
    ),
    '',
  ].join('\n');
}

function renderSystem(system: System): string {
  const areas = (Object.keys(AREAS) as Area[])
    .map((area) => ({ area, statements: system.statements.filter((statement) => statement.area === area) }))
    .filter(({ statements }) => statements.length > 0);
  return [`## ${system.title}\n`, `${system.seed}\n`, ...areas.map((a) => renderArea(a.area, a.statements))].join('\n');
}

function renderArea(area: Area, statements: readonly Statement[]): string {
  return [
    `### ${area}\n`,
    tableRow(['id', 'statement', 'state', 'by']),
    tableRow(['---', '---', '---', '---']),
    ...statements.map((s) => tableRow([s.id, escapeCell(s.quote), s.state, renderProof(s)])),
    '',
  ].join('\n');
}

function renderProof(statement: Statement): string {
  const file = 'file' in statement && statement.file !== undefined ? link(statement.file, statement.file) : '';
  const test = 'test' in statement && statement.test !== undefined ? renderTest(statement.test) : '';
  const reason = 'reason' in statement ? escapeCell(statement.reason) : '';
  return [file, test, reason].filter((part) => part !== '').join('; ');
}

function renderTest(reference: string): string {
  const { path, name } = splitTest(reference);
  return name === undefined ? link(path, path) : `${link(path, path)}: ${escapeCell(name)}`;
}

/** The page lies in docs/, one folder below what it links to. */
const link = (label: string, path: string): string => `[${escapeCell(label)}](../${path})`;

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const anchor = (title: string): string => title.toLowerCase().replaceAll(' ', '-');

/** Text as it is, in a table: a bar would end the cell even inside a code span; the rest only has a meaning outside one. */
function escapeCell(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/[\\*_<>[\]`]/g, '\\$&')))
    .join('')
    .replaceAll('|', '\\|');
}
