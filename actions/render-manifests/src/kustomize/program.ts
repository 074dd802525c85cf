import { type Context, installTool, type PinnedTool } from '@deploy-actions/core';

const RELEASES = 'https://github.com/kubernetes-sigs/kustomize/releases/download/kustomize';

/** The release that is fetched where no kustomize is there; sums as of its checksums.txt. */
export const KUSTOMIZE: PinnedTool = {
  name: 'kustomize',
  version: '5.8.0',
  platforms: {
    'linux/x64': {
      url: `${RELEASES}/v5.8.0/kustomize_v5.8.0_linux_amd64.tar.gz`,
      sha256: '4dfa8307358dd9284aa4d2b1d5596766a65b93433e8fa3f9f74498941f01c5ef',
      archive: 'tar.gz',
    },
    'linux/arm64': {
      url: `${RELEASES}/v5.8.0/kustomize_v5.8.0_linux_arm64.tar.gz`,
      sha256: 'a4f48b4c3d4ca97d748943e19169de85a2e86e80bcc09558603e2aa66fb15ce1',
      archive: 'tar.gz',
    },
  },
};

/** Below this, `kustomize build` lacks what people write today (`components`, `patches` in one list, `buildMetadata`). */
const OLDEST_MAJOR = 4;

/** A program with the arguments after which the folder stands. */
export interface KustomizeProgram {
  readonly command: string;
  readonly args: readonly string[];
}

/** kustomize from PATH if it isn't too old, else kubectl's own, else the pinned release. Throws ActionError `error-tool`, `error-network`. */
export async function findKustomize(
  context: Pick<Context, 'env' | 'runner' | 'signal' | 'log' | 'programs'>,
): Promise<KustomizeProgram> {
  const { programs, signal, log } = context;
  if ((await programs.which('kustomize')) !== undefined) {
    const { stdout } = await programs.run('kustomize', ['version'], { quiet: true, signal, accept: [0, 1] });
    const major = /v(\d+)\./.exec(stdout)?.[1];
    // Builds from source don't know their version; they are recent.
    if (major === undefined || Number(major) >= OLDEST_MAJOR) return { command: 'kustomize', args: ['build'] };
    log.info(`kustomize on PATH is too old (${stdout.trim()})`);
  }
  if ((await programs.which('kubectl')) !== undefined) return { command: 'kubectl', args: ['kustomize'] };
  return { command: await installTool(KUSTOMIZE, context), args: ['build'] };
}
