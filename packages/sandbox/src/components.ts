import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bootstrap } from './bootstrap.ts';
import { cacheFolder } from './folders.ts';
import { withLock } from './lock.ts';
import type { Progress } from './progress.ts';

const SOURCES = fileURLToPath(new URL('../components/', import.meta.url));
export const KUBERNETES_VERSION = '1.34.4';
/** Go packages below `components/`, each a program. */
const PACKAGES = ['./cluster', './pause', './publish', './relay'];
/** The names under which `cluster` is a program of its own. */
const CLUSTER_PROGRAMS = [
  ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy', 'kubelet'],
  ...['coredns', 'kustomize'],
];
/** Without optimization the compiler takes three quarters of the time; the sandbox's programs mostly wait. */
const FLAGS = ['-gcflags=all=-N -l', '-trimpath', '-buildvcs=false', `-ldflags=-s -w ${versionFlags()}`];

/**
 * The folder of the programs we compile, each under its own name, and `pause`. Compiles them when the
 * cache has none of these sources: minutes, told in `progress`.
 * @throws Error with the compiler's own words.
 */
export async function components(progress: Progress): Promise<string> {
  const folder = join(cacheFolder(), `components-${sourcesHash()}`);
  if (existsSync(folder)) {
    return folder;
  }
  return progress.step(`compile Kubernetes ${KUBERNETES_VERSION}, CoreDNS and kustomize`, (say) =>
    withLock(
      folder,
      () => say('another process is at it; waiting'),
      async () => {
        if (!existsSync(folder)) {
          await compile(folder, say);
        }
        return folder;
      },
    ),
  );
}

async function compile(folder: string, say: (detail: string) => void): Promise<void> {
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const go = {
    cwd: SOURCES,
    env: { ...process.env, CGO_ENABLED: '0', PATH: `${await bootstrap('go')}:${process.env.PATH}` },
  };
  say('downloading the modules');
  const { stdout } = await promisify(execFile)(
    'go',
    ['list', ...FLAGS, '-deps', '-f', '{{if .Stale}}{{.ImportPath}}{{end}}', ...PACKAGES],
    { ...go, maxBuffer: 2 ** 26 },
  );
  await build(
    ['build', '-v', ...FLAGS, '-o', `${unfinished}/`, ...PACKAGES],
    go,
    stdout.split('\n').filter(Boolean).length,
    say,
  );
  await Promise.all(CLUSTER_PROGRAMS.map((name) => symlink('cluster', join(unfinished, name))));
  await rename(unfinished, folder);
}

/** Runs `go build -v`, which names each package as it is done with. */
function build(
  parameters: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  total: number,
  say: (detail: string) => void,
): Promise<void> {
  const begun = performance.now();
  let done = 0;
  let told = begun;
  const said: string[] = [];
  const child = spawn('go', parameters, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  createInterface({ input: child.stderr }).on('line', (line) => {
    done++;
    said.push(line);
    if (performance.now() - told > 10_000) {
      told = performance.now();
      const left = ((told - begun) / done) * Math.max(total - done, 1);
      say(`${done} of ${total} packages, about ${Math.ceil(left / 15_000) * 15} s left`);
    }
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) {
        resolve();
      } else {
        reject(new Error(`the sandbox's programs do not compile:\n${said.slice(-20).join('\n')}`));
      }
    });
  });
}

function versionFlags(): string {
  const [major, minor] = KUBERNETES_VERSION.split('.');
  const version = 'k8s.io/component-base/version';
  return `-X ${version}.gitVersion=v${KUBERNETES_VERSION} -X ${version}.gitMajor=${major} -X ${version}.gitMinor=${minor}`;
}

function sourcesHash(): string {
  const hash = createHash('sha256').update(`${process.arch} ${FLAGS.join(' ')}`);
  for (const file of readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.go$|^go\.(mod|sum)$/.test(file)) {
      hash.update(`${file}\n`).update(readFileSync(join(SOURCES, file)));
    }
  }
  return hash.digest('hex').slice(0, 12);
}
