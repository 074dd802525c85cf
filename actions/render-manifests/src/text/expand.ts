import { ActionError } from '@deploy-actions/core';
import type { ManifestFile } from '@deploy-actions/kubernetes';
import { isScalar, type Pair, parseDocument, Scalar, visit } from 'yaml';
import { masked, namedIn, substitute, unmasked, type Variables } from '../variables.ts';
import { applyEdits, type Edit } from './edits.ts';
import { parseFile, scalarText, sourceRange } from './yaml.ts';

/** Keys and parents whose values Kubernetes and kustomize take as text alone: a commit of digits must not become a number there. */
const TEXT_KEYS: ReadonlySet<string> = new Set(['image', 'name', 'newName', 'newTag', 'digest', 'value', 'namespace']);
const TEXT_PARENTS: ReadonlySet<string> = new Set([
  'labels',
  'annotations',
  'matchLabels',
  'data',
  'stringData',
  'nodeSelector',
  'selector',
  'commonLabels',
  'commonAnnotations',
  'pairs',
]);

/** A file with its variables filled in, and what is wrong with it: `undefined-variable` with file and line. */
export interface Expanded {
  readonly file: ManifestFile;
  readonly faults: readonly ActionError[];
}

/**
 * Fills the variables into the scalars of a YAML file; everything else stays byte for byte, comments too. What a value holds never
 * becomes structure: where plain text would, it is quoted.
 * Throws ActionError `invalid-manifest` where the file is no YAML.
 */
export function expandFile(source: ManifestFile, variables: Variables): Expanded {
  if (!source.text.includes('${')) return { file: source, faults: [] };
  const parsed = parseFile({ file: source.file, text: masked(source.text) });
  const edits: Edit[] = [];
  const faults: ActionError[] = [];
  for (const document of parsed.documents) {
    visit(document, {
      Scalar(key, node, path) {
        const range = sourceRange(node);
        if (range === undefined || typeof node.value !== 'string') return;
        const owner = key === 'value' ? (path.at(-1) as Pair) : undefined;
        const name = isScalar(owner?.key) ? String(owner.key.value) : '';
        const written = source.text.slice(...range);
        faults.push(
          ...undefinedIn(written, name === 'image', variables).map(({ offset, ...fault }) =>
            undefinedVariable(fault, source.file, parsed.lineOf(range[0] + offset)),
          ),
        );
        const edit = editOf(node, range, written, variables, TEXT_KEYS.has(name) || isBelow(path, TEXT_PARENTS));
        if (edit !== undefined) edits.push(edit);
      },
    });
  }
  return { file: { file: source.file, text: applyEdits(source.text, edits) }, faults };
}

/** Listed variables without a value; of an image also those that aren't listed, since no image has braces in its name. */
function undefinedIn(
  written: string,
  isImage: boolean,
  variables: Variables,
): readonly { name: string; isListed: boolean; offset: number }[] {
  return namedIn(written).flatMap(({ name, offset }) => {
    const isListed = variables.has(name);
    return (isListed && variables.get(name) === undefined) || (isImage && !isListed)
      ? [{ name, isListed, offset }]
      : [];
  });
}

function undefinedVariable(
  { name, isListed }: { name: string; isListed: boolean },
  file: string,
  line: number,
): ActionError {
  const why = isListed ? 'has no value' : 'is not listed in `variables`';
  return new ActionError('undefined-variable', `${file}:${line}: \${${name}} ${why}`, {
    hint: isListed
      ? `give the step ${name} by \`env:\`, or write ${name}=value in \`variables\``
      : `add ${name} to \`variables\``,
    place: { file, line },
  });
}

function editOf(
  node: Scalar,
  [start, end]: readonly [number, number],
  written: string,
  variables: Variables,
  isText: boolean,
): Edit | undefined {
  const before = unmasked(String(node.value));
  const value = substitute(before, variables);
  if (value === before) return undefined;
  switch (node.type) {
    case Scalar.BLOCK_LITERAL:
    case Scalar.BLOCK_FOLDED: {
      const indent = /\n( *)\S/.exec(written)?.[1] ?? '';
      return { start, end, text: substitute(written, variables, (text) => text.replaceAll('\n', `\n${indent}`)) };
    }
    case Scalar.PLAIN:
      return {
        start,
        end,
        text: (isText && !staysText(value)) || isOddNumber(value) ? JSON.stringify(value) : scalarText(value),
      };
    default:
      return { start, end, text: JSON.stringify(value) };
  }
}

/** False where some version of YAML reads the plain text as something else than text. */
function staysText(value: string): boolean {
  return (['1.1', '1.2'] as const).every((version) => {
    const document = parseDocument(value, { version, prettyErrors: false });
    return document.errors.length === 0 && isScalar(document.contents) && typeof document.contents.value === 'string';
  });
}

/** `0123456` and `1234e5` are commits; nobody writes an amount so. */
function isOddNumber(value: string): boolean {
  return /^[-+]?[\d.]/.test(value) && !/^-?(0|[1-9]\d*)(\.\d+)?$/.test(value) && !staysText(value);
}

function isBelow(path: readonly unknown[], parents: ReadonlySet<string>): boolean {
  const above = path
    .filter((node): node is Pair => typeof node === 'object' && node !== null && 'key' in node)
    .slice(0, -1)
    .at(-1);
  return isScalar(above?.key) && parents.has(String(above.key.value));
}
