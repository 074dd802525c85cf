import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type JobFolders, runnerVariables } from '@deploy-actions/harness';
import { type ActionFolder, findActions } from '../repository.ts';
import { tryRun } from '../run.ts';
import { type Bench, compare } from './bench.ts';

const RUNS = 15;

/**
 * What it costs to start an action: processor time of the whole process, user and system, from exec to exit, when it is started
 * as the runner does with no input but the defaults (so it loads, reads its inputs, and reports what is missing).
 */
export const coldStart: Bench = {
  name: 'cold-start',
  about: 'processor time of starting each action, beside bare Node',
  async *run() {
    const root = await mkdtemp(join(tmpdir(), 'deploy-actions-bench-'));
    try {
      for (const action of await findActions()) {
        const env = await actionEnv(action, root);
        const script = resolve(dirname(join(action.path, 'action.yml')), action.file.runs.main);
        const [ours, bare]: [number[], number[]] = [[], []];
        // In turn, so that whatever else the machine does falls on both.
        for (let run = 0; run < RUNS; run++) {
          ours.push(await cpuOf([process.execPath, script], env, root));
          bare.push(await cpuOf([process.execPath, '-e', '0'], env, root));
        }
        yield compare({ bench: 'cold-start', case: action.name, metric: 'cpu-ms', unit: 'ms' }, ours, bare, 'node');
      }
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  },
};

async function actionEnv(action: ActionFolder, root: string): Promise<Record<string, string>> {
  const folders: JobFolders = {
    workspace: join(root, 'workspace'),
    temp: join(root, 'temp'),
    tools: join(root, 'tools'),
    home: join(root, 'home'),
    eventFile: join(root, 'event.json'),
  };
  for (const folder of [folders.workspace, folders.temp, folders.tools, folders.home])
    await mkdir(folder, { recursive: true });
  const files = Object.fromEntries(
    ['OUTPUT', 'STATE', 'ENV', 'PATH', 'STEP_SUMMARY'].map((name) => [`GITHUB_${name}`, join(root, name)]),
  );
  for (const path of [...Object.values(files), folders.eventFile])
    await writeFile(path, path === folders.eventFile ? '{}' : '');
  return { ...runnerVariables(action.file, folders), ...files };
}

/** User and system time in ms, as bash's `time` reads them from the kernel; what the program prints is dropped. */
async function cpuOf(command: readonly string[], env: Record<string, string>, cwd: string): Promise<number> {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null 2>&1';
  const { output } = await tryRun('bash', ['-c', script, 'time', ...command], { cwd, env, extendEnv: false });
  const times = output.trim().split(' ').map(Number);
  if (times.length !== 2 || times.some(Number.isNaN)) throw new Error(`bash gave no times: ${output}`);
  return times.reduce((a, b) => a + b, 0) * 1000;
}
