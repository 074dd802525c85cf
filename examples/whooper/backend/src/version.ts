import { readFile } from 'node:fs/promises';

const WRITTEN_BY_THE_BUILD = new URL('./version', import.meta.url);

/** The commit that the image was built from; undefined outside of an image. */
export async function builtVersion(file = WRITTEN_BY_THE_BUILD): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
