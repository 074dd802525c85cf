import type { Context } from './context.ts';
import { createHttp } from './http.ts';
import { createPrograms } from './programs.ts';

/** A context but for its gateways, which makeContext opens. */
export type ContextParts = Omit<Context, 'programs' | 'http' | 'onEnd'>;

/** All that an action may reach, and `end`, which does what was asked for by `onEnd`, last given first, each for `limitMs` at most. */
export function makeContext(parts: ContextParts): { readonly context: Context; end(limitMs: number): Promise<void> } {
  const { env, signal, log, redactor } = parts;
  const atEnd: (() => void | Promise<void>)[] = [];
  const onEnd = (work: () => void | Promise<void>) => {
    atEnd.push(work);
  };
  const context: Context = {
    ...parts,
    programs: createPrograms({ env, signal, log, redactor }),
    http: createHttp({ env, signal, onEnd }),
    onEnd,
  };
  return {
    context,
    async end(limitMs) {
      for (let work = atEnd.pop(); work !== undefined; work = atEnd.pop()) {
        try {
          await Promise.race([work(), new Promise<void>((resolve) => setTimeout(resolve, limitMs).unref())]);
        } catch (error) {
          log.debug(`something could not be put away: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
    },
  };
}
