import { down, up } from '@deploy-actions/sandbox';
import { cacheFile } from './cache-file.ts';
import { play } from './play.ts';
import type { DemoResult } from './result.ts';
import { prepareScene } from './scene.ts';
import { Screen } from './screen.ts';
import { ENVIRONMENTS } from './setup.ts';
import { TimeLeft } from './time-left.ts';

/** What the demo's own sandbox is called. */
const SANDBOX = 'demo';

export interface DemoOptions {
  /** For everything that is made and thrown away. */
  readonly folder: string;
  /** Leaves the sandbox up. */
  readonly keep: boolean;
  readonly write: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Sets everything up, plays, and takes everything down. */
export async function demo(options: DemoOptions): Promise<{ result: DemoResult; transcript: readonly string[] }> {
  const time = await TimeLeft.from(cacheFile('demo.json'));
  const screen = new Screen(options.write, () => time.left());
  const progress = screen.progress();
  screen.heading('set up', 'two clusters, a registry, a workflow engine and a user’s repository');
  try {
    const sandbox = up({ name: SANDBOX, clusters: Object.keys(ENVIRONMENTS), progress });
    const scene = await prepareScene(sandbox, options.folder, progress);
    options.signal.throwIfAborted();
    const result = await play(scene, { screen, time, signal: options.signal });
    await time.remember();
    return { result, transcript: screen.transcript };
  } finally {
    if (!options.keep) await down(SANDBOX);
  }
}
