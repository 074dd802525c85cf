import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { minify } from 'terser';
import { run } from '../run.ts';
import { bundleSource, type Entry, entrySource } from './entries.ts';

/**
 * Bundles the JavaScript below `emitted` into `out`: index.js with what all stages share, a chunk for each `import()`,
 * an entry of two lines per stage, the licences of what was bundled. The same sources give the same bytes.
 */
export async function bundle(root: string, emitted: string, entries: readonly Entry[], out: string): Promise<void> {
  const bundled = join(emitted, 'bundle');
  await writeFile(join(emitted, 'index.js'), bundleSource(entries));
  const options = [
    '--no-cache',
    '--quiet',
    '--target',
    'es2022',
    '--license',
    'licenses.txt',
    '--stats-out',
    join(emitted, 'stats.json'),
  ];
  // ncc names modules by their path from the working folder; from here those paths are the same wherever the checkout lies.
  await run(
    process.execPath,
    [join(root, 'node_modules/.bin/ncc'), 'build', 'index.js', '--out', bundled, ...options],
    { cwd: emitted },
  );
  const unfinished = join(emitted, 'dist');
  await mkdir(unfinished);
  for (const file of (await readdir(bundled)).sort()) {
    const content = await readFile(join(bundled, file), 'utf8');
    await writeFile(join(unfinished, file), file.endsWith('.js') ? await minified(content, file) : content);
  }
  for (const entry of entries) {
    await mkdir(join(unfinished, entry.action), { recursive: true });
    await writeFile(join(unfinished, entry.action, `${entry.stage}.js`), entrySource(entry));
  }
  // Minifying takes seconds, and others may be running what is there.
  await rm(out, { recursive: true, force: true });
  await cp(unfinished, out, { recursive: true });
}

/** ncc's own `--minify` leaves chunks as they are, and does not compress. Class names stay: errors show them. */
async function minified(code: string, file: string): Promise<string> {
  const result = await minify(code, {
    module: true,
    ecma: 2020,
    compress: { passes: 2 },
    keep_classnames: true,
    format: { comments: false },
  });
  if (result.code === undefined) throw new Error(`terser gave nothing for ${file}`);
  return `${result.code}\n`;
}
