/**
 * The files by which a step speaks to the runner: `name=value` lines, or `name<<DELIMITER`, the value's lines, `DELIMITER`.
 * Rules: docs.github.com "Workflow commands for GitHub Actions" and actions/runner's FileCommandManager, which refuses what is refused here.
 */
export function parsePairs(text: string, file: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const [equals, heredoc] = [line.indexOf('='), line.indexOf('<<')];
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      pairs[nameOf(line.slice(0, equals), file)] = line.slice(equals + 1);
    } else if (heredoc >= 0) {
      const delimiter = line.slice(heredoc + 2);
      const end = lines.indexOf(delimiter, at + 1);
      if (delimiter === '' || end < 0) throw new Error(`${file}: no line is the delimiter '${delimiter}' of '${line}'`);
      pairs[nameOf(line.slice(0, heredoc), file)] = lines.slice(at + 1, end).join('\n');
      at = end;
    } else {
      throw new Error(`${file}: '${line}' is neither name=value nor name<<DELIMITER`);
    }
  }
  return pairs;
}

function nameOf(name: string, file: string): string {
  if (name === '') throw new Error(`${file}: a value without a name`);
  return name;
}

/** GITHUB_PATH: one folder a line; the last line comes first in PATH. */
export function parseFolders(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .reverse();
}

/** The runner drops what a step may not set for later ones, and says so (actions/runner, SetEnvFileCommand). */
export function mayBeSet(name: string): boolean {
  return name.toUpperCase() !== 'NODE_OPTIONS' && !/^(GITHUB|RUNNER)_/i.test(name);
}
