import { glob, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { jobOf, outputsOf, type WorkflowRun } from '@deploy-actions/demo';

/** Every form that an image may have in a registry. */
const KINDS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** The images that a run built, by the name the manifests call them: `REPOSITORY@sha256:…`. */
export function builtImages(run: WorkflowRun, steps: Readonly<Record<string, string>>): Record<string, string> {
  const build = jobOf(run, 'build');
  return Object.fromEntries(
    Object.entries(steps).map(([name, step]) => [name, outputsOf(build, step)['image-ref'] ?? '']),
  );
}

/** The digest that a registry has under a tag; undefined where it has none. */
export async function digestInRegistry(registry: string, repository: string, tag: string): Promise<string | undefined> {
  const answer = await fetch(`http://${registry}/v2/${repository}/manifests/${tag}`, {
    method: 'HEAD',
    headers: { accept: KINDS },
  });
  return answer.headers.get('docker-content-digest') ?? undefined;
}

/** The tags of a repository, sorted; none where there is no such repository. */
export async function tagsInRegistry(registry: string, repository: string): Promise<string[]> {
  const answer = await fetch(`http://${registry}/v2/${repository}/tags/list`);
  const { tags } = (await answer.json()) as { tags?: string[] | null };
  return (tags ?? []).sort();
}

/** Every form in which a secret could be written down without anyone noticing: whole, by line, in base64, escaped. */
export function formsOf(secret: string): string[] {
  const decoded = Buffer.from(secret, 'base64').toString();
  const texts = [secret, ...(Buffer.from(decoded).toString('base64') === secret ? privateLines(decoded) : [])];
  return texts.flatMap((text) => [
    text,
    Buffer.from(text).toString('base64'),
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
  ]);
}

/** What of a kubeconfig is secret: its client key. */
function privateLines(kubeconfig: string): string[] {
  return [...kubeconfig.matchAll(/client-key-data: (\S+)/g)].map(([, key = '']) => key);
}

/** Every file below a folder with its text. */
export async function filesBelow(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const name of glob('**/*', { cwd: folder })) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) files.set(name, await readFile(path, 'utf8'));
  }
  return files;
}
