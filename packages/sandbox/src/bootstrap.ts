import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SCRIPT = fileURLToPath(new URL('../../../script/bootstrap', import.meta.url));

/**
 * Has `script/bootstrap` install what is needed and returns what it prints: for `go` and `node` the folder
 * of the program, for `sandbox` nothing.
 * @throws Error with the script's own words.
 */
export async function bootstrap(what: 'go' | 'node' | 'sandbox'): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(SCRIPT, [what]);
    return stdout.trim();
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim();
    throw new Error(said || (error as Error).message);
  }
}
