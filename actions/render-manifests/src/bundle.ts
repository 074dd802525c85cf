import { isRecord, type ManifestFile } from '@deploy-actions/kubernetes';
import type { Origins } from './origins.ts';
import { parseFile } from './text/yaml.ts';

/**
 * All documents of all files as one YAML stream, each byte for byte as it was, after a line that says where the user wrote it
 * (`# source: k8s/api.yaml:12`), which faults of later steps are shown at. Documents without an object are dropped.
 */
export function bundle(files: readonly ManifestFile[], origins: Origins): string {
  return files.flatMap((file) => documentsOf(file, origins)).join('');
}

function documentsOf({ file, text }: ManifestFile, origins: Origins): readonly string[] {
  const { documents, lineOf } = parseFile({ file, text });
  return documents.flatMap((document, at) => {
    const value: unknown = document.toJS();
    const contents = document.contents;
    if (!isRecord(value) || contents?.range === undefined || contents.range === null) return [];
    const origin = isRecord(value.metadata)
      ? origins.get(`${String(value.kind)}/${String(value.metadata.name)}`)
      : undefined;
    const isFile = /\.(ya?ml|json)$/.test(file);
    const source = isFile ? `${file}:${lineOf(contents.range[0])}` : origin;
    const [start, end] = [documents[at - 1]?.range[2] ?? 0, document.range[2]];
    return [`---\n${source === undefined ? '' : `# source: ${source}\n`}${own(text.slice(start, end))}\n`];
  });
}

/** A document without the marks around it. */
function own(text: string): string {
  return text
    .replace(/^(%[^\n]*\n)*---[^\S\n]*(\n|(?=\S))/, '')
    .replace(/\n(---|\.\.\.)[^\S\n]*\s*$/, '')
    .trim();
}
