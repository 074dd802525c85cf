import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The part of webpack's stats that we read (webpack.js.org, "Stats Data"). */
interface StatsModule {
  readonly size: number;
  readonly chunks?: readonly number[];
  readonly nameForCondition?: string | null;
  readonly moduleType?: string;
  /** The modules joined into this one. */
  readonly modules?: readonly StatsModule[];
}

interface Stats {
  readonly modules: readonly StatsModule[];
  readonly chunks: readonly { readonly id: number; readonly files: readonly string[] }[];
}

/** What a package weighs in the bundle. */
export interface Weight {
  readonly package: string;
  /** Source, before minifying, in bytes. */
  readonly source: number;
  /** Its share of the minified chunks that hold it, by source size, in bytes. */
  readonly minified: number;
}

/** Reads off `stats` what each npm package, and our own code, weighs in the bundle at `dist`; the heaviest first. */
export async function weigh(stats: string, dist: string): Promise<Weight[]> {
  const { modules, chunks }: Stats = JSON.parse(await readFile(stats, 'utf8'));
  const placed = modules
    .filter((module) => module.moduleType !== 'runtime')
    .map((module) => ({ module, chunks: module.chunks ?? [] }));
  const weights = new Map<string, { source: number; minified: number }>();
  for (const { id, files } of chunks) {
    const inChunk = placed.filter((entry) => entry.chunks.includes(id)).flatMap(({ module }) => flatten(module));
    const total = inChunk.reduce((sum, module) => sum + module.size, 0);
    const written = (await stat(join(dist, files[0] ?? ''))).size;
    for (const module of inChunk) {
      const name = packageOf(module);
      const sofar = weights.get(name) ?? { source: 0, minified: 0 };
      weights.set(name, {
        source: sofar.source + module.size,
        minified: sofar.minified + (module.size / total) * written,
      });
    }
  }
  return [...weights].map(([name, weight]) => ({ package: name, ...weight })).sort((a, b) => b.source - a.source);
}

export function weightsTable(weights: readonly Weight[]): string {
  const kb = (bytes: number) => (bytes / 1000).toFixed(1).padStart(8);
  return [
    '  source  minified kB',
    ...weights.map((weight) => `${kb(weight.source)} ${kb(weight.minified)}  ${weight.package}`),
  ].join('\n');
}

function flatten(module: StatsModule): readonly StatsModule[] {
  return module.modules === undefined || module.modules.length === 0 ? [module] : module.modules.flatMap(flatten);
}

function packageOf(module: StatsModule): string {
  const path = module.nameForCondition ?? '';
  return (
    /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ??
    /\/((?:packages|actions)\/[^/]+)\//.exec(path)?.[1] ??
    '(entry)'
  );
}
