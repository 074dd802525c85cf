import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActionFile } from '@deploy-actions/harness';
import type { ActionFolder } from '../repository.ts';

/** How action.yml says that an input is another spelling; such inputs get no row of their own. */
const ALIAS = /^Alias of `([^`]+)`\.$/;

/** For each alias in action.yml the input that it stands for. */
export function aliasesOf(file: ActionFile): ReadonlyMap<string, string> {
  const found = Object.entries(file.inputs).map(([name, input]) => [name, ALIAS.exec(input.description)?.[1]] as const);
  return new Map(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** The inputs as a Markdown table: name, default, meaning. */
export function inputsTable(file: ActionFile): string {
  const aliases = aliasesOf(file);
  const rows = Object.entries(file.inputs)
    .filter(([name]) => !aliases.has(name))
    .map(([name, input]) => {
      const others = [...aliases].filter(([, meant]) => meant === name).map(([alias]) => `\`${alias}\``);
      const also = others.length === 0 ? '' : ` Also written ${others.join(', ')}.`;
      const given =
        input.default === undefined || input.default === ''
          ? ''
          : `\`${input.default.trimEnd().split('\n').join('` `')}\``;
      return [`\`${name}\``, input.required ? '**required**' : given, input.description + also];
    });
  return table(['input', 'default', 'meaning'], rows);
}

/** The outputs as a Markdown table: name, meaning. */
export function outputsTable(file: ActionFile): string {
  return table(
    ['output', 'meaning'],
    Object.entries(file.outputs).map(([name, output]) => [`\`${name}\``, output.description]),
  );
}

/** The README with the tables between its markers made anew. Throws where a marker is missing. */
export function withTables(readme: string, file: ActionFile): string {
  return replaceBetween(replaceBetween(readme, 'inputs', inputsTable(file)), 'outputs', outputsTable(file));
}

/** Makes every action's tables anew; returns the paths of the READMEs that were stale. With `check` it only looks. */
export async function renderReadmes(actions: readonly ActionFolder[], check: boolean): Promise<string[]> {
  const stale: string[] = [];
  for (const { path, file } of actions) {
    const readmePath = join(path, 'README.md');
    const readme = await readFile(readmePath, 'utf8');
    const fresh = withTables(readme, file);
    if (fresh === readme) continue;
    stale.push(readmePath);
    if (!check) await writeFile(readmePath, fresh);
  }
  return stale;
}

function replaceBetween(text: string, marker: string, content: string): string {
  const [open, close] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`the README has no ${open} … ${close}`);
  return `${text.slice(0, start + open.length)}\n${content}\n${text.slice(end)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells
      .map((cell) =>
        cell
          .trim()
          .replace(/\s*\n\s*/g, ' ')
          .replaceAll('|', '\\|'),
      )
      .join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
