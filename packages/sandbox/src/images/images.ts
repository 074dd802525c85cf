import type { Sandbox } from '../sandbox.ts';

/** A base image that a sandbox offers under the name and tag of the public one that it stands for. */
export interface BaseImage {
  /** `NAME:TAG`, as a Dockerfile's FROM names it. Its Containerfile is in `images/NAME/TAG`. */
  readonly name: string;
  /** What the Containerfile copies besides the files beside it. */
  readonly needs: readonly Ingredient[];
}

/** What cannot be kept in the repository: made when the images are. */
export type Ingredient = 'rootfs.tar' | 'ca-certificates.crt' | 'npm' | 'pause';

/** In an order in which each finds those that it is made from. */
export const BASE_IMAGES: readonly BaseImage[] = [
  { name: 'debian:bookworm-slim', needs: ['rootfs.tar', 'ca-certificates.crt'] },
  { name: 'node:18-bookworm-slim', needs: ['npm'] },
  { name: 'nginx:1.22', needs: [] },
  { name: 'pause:1', needs: ['pause'] }, // last: it waits for the compiler, which works beside the others
];

/**
 * For each base image the pair that has a build take it from the sandbox's registry, `NAME=docker://…/NAME`:
 * the values of buildah's and buildx's --build-context. A Dockerfile keeps its public FROM lines. Without
 * cells there are none: the machine is taken to reach the public images themselves.
 */
export function buildContexts(sandbox: Pick<Sandbox, 'kind' | 'registry'>): string[] {
  return sandbox.kind === 'cells' ? BASE_IMAGES.map(({ name }) => `${name}=docker://${sandbox.registry}/${name}`) : [];
}
