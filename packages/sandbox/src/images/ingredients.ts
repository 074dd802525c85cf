import { execFile } from 'node:child_process';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Ingredient } from './images.ts';

const run = promisify(execFile);
/** Changes with how an ingredient is made, so that images in the cache are made anew. */
export const INGREDIENTS_VERSION = 2;
/** The last major version of npm that runs on Node 18. */
const NPM_VERSION = '10.9.4';
/** What the public slim images do without as well. dpkg keeps to it in the layers above, too. */
const SLIM = ['doc', 'info', 'lintian', 'locale', 'man'].map(
  (folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`,
);
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/**
 * Puts an ingredient of an image into its build context.
 * @param programs the folder of the compiled programs.
 */
export async function provide(ingredient: Ingredient, context: string, programs: Promise<string>): Promise<void> {
  const target = join(context, ingredient);
  switch (ingredient) {
    case 'pause':
      return copyFile(join(await programs, 'pause'), target);
    case 'ca-certificates.crt':
      return copyFile(CERTIFICATES, target);
    case 'rootfs.tar':
      await run('mmdebstrap', [
        '--quiet',
        '--variant=minbase',
        ...SLIM,
        '--include=ca-certificates',
        'bookworm',
        target,
      ]);
      return;
    case 'npm': {
      await mkdir(join(context, 'unpacked'));
      const { stdout } = await run('npm', ['pack', '--silent', `npm@${NPM_VERSION}`], { cwd: context });
      await run('tar', ['-xzf', stdout.trim(), '-C', 'unpacked'], { cwd: context });
      return rename(join(context, 'unpacked', 'package'), target);
    }
  }
}
