import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { readActionFile } from '@deploy-actions/harness';

/** Where another machine's folders would begin; none may be written into a release. */
const MACHINE_PATHS = /(?:file:\/\/)?\/(?:root|home|work|Users|tmp)\/[\w.-]+/;

/** A file of a release tree, its path relative to the tree. */
interface TreeFile {
  readonly path: string;
  readonly text: string;
}

/** What keeps a release tree from working anywhere but here, one line a fault; empty where it is whole. */
export async function releaseFaults(tree: string): Promise<string[]> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  const pathOf = (entry: { parentPath: string; name: string }) => relative(tree, join(entry.parentPath, entry.name));
  const odd = entries
    .filter((entry) => !entry.isFile() && !entry.isDirectory())
    .map((entry) => `${pathOf(entry)} is neither file nor folder`);
  const files: TreeFile[] = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => ({ path: pathOf(entry), text: await readFile(join(tree, pathOf(entry)), 'utf8') })),
  );
  const actionFiles = files.filter((file) => /(^|\/)action\.yml$/.test(file.path));
  const scripts = (await Promise.all(actionFiles.map((file) => missingScripts(tree, file, files)))).flat();
  return [...odd, ...scripts, ...files.flatMap((file) => [...machinePath(file), ...missingImports(file, files)])];
}

async function missingScripts(tree: string, file: TreeFile, files: readonly TreeFile[]): Promise<string[]> {
  const { runs } = await readActionFile(join(tree, file.path));
  return [runs.pre, runs.main, runs.post]
    .filter((script) => script !== undefined)
    .filter((script) => !files.some((other) => other.path === join(dirname(file.path), script)))
    .map((script) => `${file.path} names ${script}, which the tree does not hold`);
}

function machinePath({ path, text }: TreeFile): string[] {
  const found = path.endsWith('licenses.txt') ? null : MACHINE_PATHS.exec(text);
  return found === null ? [] : [`${path} names a machine's path: ${found[0]}`];
}

function missingImports(file: TreeFile, files: readonly TreeFile[]): string[] {
  if (!file.path.endsWith('.js')) return [];
  const relativeImports = [...file.text.matchAll(/\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"'$]+)["']/g)].map(
    (match) => match[1] ?? '',
  );
  const inTree = (specifier: string) => resolve('/', dirname(file.path), specifier).slice(1);
  return relativeImports
    .filter((specifier) => !files.some((other) => other.path === inTree(specifier)))
    .map((specifier) => `${file.path} imports ${specifier}, which the tree does not hold`);
}
