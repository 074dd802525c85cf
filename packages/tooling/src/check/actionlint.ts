import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { assembleRelease } from '../release/assemble.ts';
import { findActions, ROOT } from '../repository.ts';
import { run, tryRun } from '../run.ts';
import type { Check } from './check.ts';
import { findWorkflows, type WorkflowText } from './workflow-files.ts';

/** `uses: org/deploy-actions/deploy-rollout@v1`, in the forms that a workflow may name ours. */
const OURS = /(uses:\s*['"]?)[\w-]+\/deploy-actions(\/[\w./-]+)?@[\w.-]+/g;

/**
 * actionlint over every workflow, with our own actions and reusable workflows as local ones, so that inputs and outputs that
 * these do not have are found too. It is built from the Go module that packages/tooling/actionlint pins.
 */
export const actionlint: Check = {
  name: 'actionlint',
  async run() {
    const tree = join(ROOT, 'build/check-actionlint');
    await assembleRelease(ROOT, await findActions(), tree);
    // actionlint takes for a project what holds these two.
    await mkdir(join(tree, '.git'));
    await mkdir(join(tree, '.github/workflows'), { recursive: true });
    const workflows = await findWorkflows();
    const paths = await Promise.all(workflows.map((workflow, at) => writeAsLocal(tree, workflow, at)));
    const tool = ['-C', join(ROOT, 'packages/tooling/actionlint'), 'tool', 'actionlint'];
    const args = [...tool, '-shellcheck=', '-pyflakes=', '-oneline', '-no-color', ...paths];
    const go = join(await run('script/bootstrap', ['go'], { cwd: ROOT }), 'go');
    const { exitCode, output } = await tryRun(go, args, { cwd: ROOT });
    return exitCode === 0
      ? []
      : output
          .trimEnd()
          .split('\n')
          .map((line) => inTheirPlace(line, paths, workflows));
  },
};

async function writeAsLocal(tree: string, workflow: WorkflowText, at: number): Promise<string> {
  const path = join(tree, '.github/workflows', `check-${at}-${basename(workflow.place).replace(/\.\w+$/, '')}.yml`);
  await writeFile(
    path,
    workflow.text.replaceAll(OURS, (_, uses: string, within = '/') => `${uses}.${within}`),
  );
  return path;
}

function inTheirPlace(line: string, paths: readonly string[], workflows: readonly WorkflowText[]): string {
  const at = paths.findIndex((path) => line.includes(basename(path)));
  const workflow = workflows[at];
  const [, row, rest] = /\.yml:(\d+)(.*)$/.exec(line) ?? [];
  return workflow === undefined || row === undefined
    ? line
    : `${workflow.place}:${Number(row) + workflow.before}${rest ?? ''}`;
}
