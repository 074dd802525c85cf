import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Screen } from './screen.ts';

/** Shows the rollout's verdict from the evidence that the workflow kept: the sentences above its table, without their markup. */
export async function showVerdict(screen: Screen, evidence: string): Promise<void> {
  for await (const file of glob('*-deploy-rollout/verdict.md', { cwd: evidence })) {
    const markdown = await readFile(join(evidence, file), 'utf8');
    const sentences = markdown
      .slice(0, markdown.search(/^\|/m))
      .replaceAll('<br>', '\n    ')
      .replaceAll(/^#+ ❌ |\*\*|`/gm, '')
      .split('\n')
      .filter((line) => line.trim() !== '');
    screen.text(['', ...sentences, '']);
  }
}
