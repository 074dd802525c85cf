import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Screen } from './screen.ts';

const LONGEST = 14;

/** Shows the rollout's verdict from the evidence that the workflow kept, cut to what a screen takes. */
export async function showVerdict(screen: Screen, evidence: string): Promise<void> {
  for await (const file of glob('*-deploy-rollout/verdict.md', { cwd: evidence })) {
    const lines = (await readFile(join(evidence, file), 'utf8')).split('\n').filter((line) => line.trim() !== '');
    screen.text(['', ...lines.slice(0, LONGEST), ...(lines.length > LONGEST ? ['…'] : []), '']);
  }
}
