/** One instruction of a Dockerfile: its words on one line, and the line it begins on, counted from 1. */
interface Instruction {
  readonly text: string;
  readonly line: number;
}

/** The instructions of a Dockerfile, continuation lines joined, comments and blank lines left out. */
function instructions(dockerfile: string): readonly Instruction[] {
  const found: Instruction[] = [];
  let text = '';
  let start = 0;
  for (const [at, raw] of dockerfile.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (text === '') start = at + 1;
    const goesOn = line.endsWith('\\');
    text += `${text === '' ? '' : ' '}${goesOn ? line.slice(0, -1).trim() : line}`;
    if (goesOn) continue;
    found.push({ text, line: start });
    text = '';
  }
  return found;
}

const squeezed = (text: string) =>
  text
    .replaceAll(/[\s\\]+/g, ' ')
    .trim()
    .toLowerCase();

/** The line of the instruction that an engine names by its words; undefined where none or several could be meant. */
export function lineOfInstruction(dockerfile: string, words: string): number | undefined {
  const wanted = squeezed(words);
  const matches = instructions(dockerfile).filter(({ text }) => squeezed(text) === wanted);
  return matches.length === 1 ? matches[0]?.line : undefined;
}

/** The line of `FROM image`; undefined where none or several could be meant. */
export function lineOfBase(dockerfile: string, image: string): number | undefined {
  const matches = instructions(dockerfile).filter(
    ({ text }) => /^from\s/i.test(text) && text.split(/\s+/).some((word) => word === image),
  );
  return matches.length === 1 ? matches[0]?.line : undefined;
}

/** The line of the first ENV or LABEL that takes over what an ARG of the file holds; undefined where none does. */
export function lineThatKeepsAnArgument(dockerfile: string): number | undefined {
  const all = instructions(dockerfile);
  const names = all.flatMap(({ text }) => /^arg\s+(.*)$/i.exec(text)?.[1]?.match(/\w+(?==|\s|$)/g) ?? []);
  const uses = (text: string) =>
    [...text.matchAll(/\$\{?(\w+)/g)].some(([, name]) => name !== undefined && names.includes(name));
  return all.find(({ text }) => /^(env|label)\s/i.test(text) && uses(text))?.line;
}

/** Hosts with a port of this machine that a text names as registries: `FROM localhost:5000/node`. */
export function loopbackHosts(text: string): readonly string[] {
  return [
    ...new Set(
      [...text.matchAll(/(?:^|[\s="'/])((?:localhost|127(?:\.\d{1,3}){3}):\d+)\//gm)].map(([, host = '']) => host),
    ),
  ];
}
