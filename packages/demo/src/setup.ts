import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildContexts, clusterOf, type Progress, type Sandbox } from '@deploy-actions/sandbox';
import { execa } from 'execa';
import type { Engine } from './engine/engine.ts';
import { runnerEnvironment } from './engine/environment.ts';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const STAND_INS = fileURLToPath(new URL('../stand-ins/', import.meta.url));

/** The environments of the example, and where each is. */
export const ENVIRONMENTS = {
  staging: { namespace: 'whooper-staging' },
  production: { namespace: 'whooper' },
} as const;
export type EnvironmentName = keyof typeof ENVIRONMENTS;

/** Compiles the workflow engine where there is none yet; yields its path. */
export async function findEngine(progress: Progress): Promise<string> {
  return progress.step('the workflow engine act', async () => {
    const { stdout } = await execa(join(ROOT, 'script/bootstrap'), ['act']);
    return join(stdout.trim(), 'act');
  });
}

/** Assembles the tree that `uses: org/deploy-actions/NAME@v1` stands for into `folder`. */
export async function assembleTree(folder: string, progress: Progress): Promise<void> {
  await progress.step('the release tree', () => execa(join(ROOT, 'script/release'), ['--out', folder]));
}

/**
 * The engine with all that it may need: the released tree, and a stand-in for each action of GitHub's own that the workflows
 * pin (`stand-ins/README.md`).
 */
export async function prepareEngine(
  program: string,
  tree: string,
  home: string,
  programs: readonly string[],
): Promise<Engine> {
  const workflows = [join(ROOT, 'examples/whooper/.github/workflows'), join(ROOT, '.github/workflows')];
  const standIns = await readdir(STAND_INS);
  const repositories: Record<string, string> = { 'org/deploy-actions@v1': tree };
  for (const pinned of await pinnedActions(workflows)) {
    const name = pinned.slice('actions/'.length, pinned.indexOf('@'));
    if (standIns.includes(name)) repositories[pinned] = join(STAND_INS, name);
  }
  const node = fileURLToPath(new URL('.', `file://${process.execPath}`));
  return { program, home, environment: runnerEnvironment(home, [node, ...programs]), repositories };
}

/** Repository variables: where this sandbox differs from ghcr.io and a cluster with an Ingress controller. */
export function sandboxVariables(sandbox: Sandbox): Record<string, string> {
  return {
    REGISTRY: sandbox.registry,
    ENVIRONMENTS: 'environments/sandbox',
    BUILD_CONTEXTS: buildContexts(sandbox).join('\n'),
  };
}

/** The secrets of one GitHub environment: another kubeconfig in each. */
export async function environmentSecrets(
  sandbox: Sandbox,
  environment: EnvironmentName,
): Promise<Record<string, string>> {
  const kubeconfig = await readFile(clusterOf(sandbox, environment).kubeconfig);
  return {
    KUBECONFIG: kubeconfig.toString('base64'),
    GEMINI_API_KEY: `gemini-${environment}-"quoted" #1`,
    EMAIL_APP_URL: `https://mail.example.com/${environment}?key=a&b=$c`,
  };
}

/** Every `actions/NAME@COMMIT` that the workflows in these folders use. */
async function pinnedActions(folders: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const folder of folders) {
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), 'utf8');
      for (const [, action] of text.matchAll(/uses: (actions\/[\w-]+@[0-9a-f]{40})/g)) if (action) found.add(action);
    }
  }
  return found;
}
