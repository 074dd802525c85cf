import { cp, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';

/** Made by builds and never committed. */
const LEFT_OUT = new Set(['node_modules', 'dist', 'coverage', '.deploy-actions']);

/** A user's repository, on this machine. */
export interface Repository {
  readonly folder: string;
  /** Has a branch be this commit (the present one when left out) and checks it out; yields the commit. */
  checkout(branch: string, commit?: string): Promise<string>;
  /** Applies a patch file and commits it; yields the commit. */
  commitPatch(patch: string, message: string): Promise<string>;
}

/**
 * Makes a repository of its own, with the branch `main`, from a folder of examples.
 * @param slug `owner/name`, as the code host would call it.
 */
export async function makeRepository(from: string, folder: string, slug: string): Promise<Repository> {
  await mkdir(folder, { recursive: true });
  await cp(from, folder, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
  const git = async (...args: string[]): Promise<string> => {
    const author = ['-c', 'user.name=Whooper', '-c', 'user.email=whooper@example.com', '-c', 'commit.gpgsign=false'];
    const { stdout } = await execa('git', [...author, ...args], {
      cwd: folder,
      // The settings of whoever runs this must not decide what is committed.
      env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    });
    return stdout.trim();
  };
  const commit = async (...options: string[]): Promise<string> => {
    await git('add', '--all');
    await git('commit', '--quiet', ...options);
    return git('rev-parse', 'HEAD');
  };
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('remote', 'add', 'origin', `https://github.com/${slug}.git`);
  await commit('--message', 'Add Whooper');
  return {
    folder,
    async checkout(branch, commit = 'HEAD') {
      await git('checkout', '--quiet', '-B', branch, commit);
      return git('rev-parse', 'HEAD');
    },
    async commitPatch(patch, message) {
      await git('apply', '--index', patch);
      return commit('--message', message);
    },
  };
}

/** The example's folder and the folder of its commits. */
export function exampleFolder(root: string): string {
  return join(root, 'examples', 'whooper');
}
