/** Tells a person what is going on; each line says how long the step took. */
export interface Progress {
  tell(line: string): void;
  /** Runs a step and says when it begins and ends. */
  step<Result>(title: string, work: (say: (detail: string) => void) => Promise<Result>): Promise<Result>;
}

/** Steps that last less than this, in milliseconds, are told once, when they end. */
const NOTICEABLE = 1000;

/**
 * Progress as lines of text.
 * @param write takes one line without its line break.
 */
export function lines(write: (line: string) => void): Progress {
  return {
    tell: write,
    async step(title, work) {
      const begun = performance.now();
      const seconds = () => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
      const announce = setTimeout(() => write(`… ${title}`), NOTICEABLE);
      try {
        const result = await work((detail) => write(`  ${title}: ${detail}`));
        write(`✓ ${title} (${seconds()})`);
        return result;
      } catch (error) {
        write(`✗ ${title} (${seconds()})`);
        throw error;
      } finally {
        clearTimeout(announce);
      }
    },
  };
}

/** Progress that nobody reads. */
export const silent: Progress = { tell: () => undefined, step: (_title, work) => work(() => undefined) };
