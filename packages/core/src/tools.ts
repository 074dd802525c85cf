import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Context } from './context.ts';
import { unlessAborted } from './deadline.ts';
import { ActionError } from './errors.ts';
import { shownUrl } from './http.ts';

/** What to get for one platform. `sha256` is that of the download, in hex. */
export interface ToolDownload {
  readonly url: string;
  readonly sha256: string;
  readonly archive: 'tar.gz' | 'zip' | 'none';
  /** The program's path inside the archive; the tool's name unless told. */
  readonly member?: string;
}

/** A program pinned by checksum, for each platform that it exists for: `linux/x64`, `linux/arm64`, `darwin/arm64`, as node names them. */
export interface PinnedTool {
  readonly name: string;
  readonly version: string;
  readonly platforms: Readonly<Record<string, ToolDownload>>;
}

type Surroundings = Pick<Context, 'env' | 'runner' | 'signal' | 'log'>;

/**
 * The program's absolute path, out of the runner's tool cache, or downloaded, checked and put there.
 * `DEPLOY_ACTIONS_MIRROR` takes the place of the download's scheme and host, for closed networks.
 * @throws ActionError `error-tool`: no such platform, or another checksum than the pinned one (nothing is kept then); `error-network`: it cannot be fetched.
 */
export async function installTool(tool: PinnedTool, { env, runner, signal, log }: Surroundings): Promise<string> {
  const platform = `${process.platform}/${process.arch}`;
  const download = tool.platforms[platform];
  if (download === undefined) {
    throw new ActionError('error-tool', `there is no ${tool.name} ${tool.version} for ${platform}`, {
      hint: `run the job on ${Object.keys(tool.platforms).join(' or ')}`,
    });
  }
  // tool-cache reads these from the process; outside of a runner it has none.
  process.env.RUNNER_TEMP ??= runner.temp;
  process.env.RUNNER_TOOL_CACHE ||= join(runner.temp, 'tool-cache');
  const cache = await import('@actions/tool-cache');
  const program = download.archive === 'none' ? tool.name : (download.member ?? tool.name);
  const cached = cache.find(tool.name, tool.version);
  if (cached !== '') return join(cached, program);

  const url = mirrored(download.url, env.DEPLOY_ACTIONS_MIRROR);
  if (!URL.canParse(url)) {
    throw new ActionError('error-input', 'the environment variable DEPLOY_ACTIONS_MIRROR is no address', {
      hint: 'write it as https://HOST/PATH, or unset it',
    });
  }
  // A mirror's address may hold a password.
  const shown = shownUrl(new URL(url));
  log.info(`getting ${tool.name} ${tool.version} from ${shown}`);
  const file = await unlessAborted(cache.downloadTool(url), signal).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : notFetched(tool, shown, error);
  });
  try {
    const sum = await sha256Of(file);
    if (sum !== download.sha256) {
      throw new ActionError(
        'error-tool',
        `${tool.name} ${tool.version} from ${shown} has the SHA-256 ${sum}, not the pinned ${download.sha256}`,
        {
          hint: 'do not run it; see who answers at that address (a proxy, a mirror), then report it',
        },
      );
    }
    const dir = await unpackInto(cache, file, tool, download);
    const path = join(dir, program);
    await chmod(path, 0o755);
    return path;
  } finally {
    await rm(file, { force: true });
  }
}

async function unpackInto(
  cache: typeof import('@actions/tool-cache'),
  file: string,
  { name, version }: PinnedTool,
  { archive }: ToolDownload,
): Promise<string> {
  switch (archive) {
    case 'none':
      return cache.cacheFile(file, name, name, version);
    case 'tar.gz':
      return keep(await cache.extractTar(file));
    case 'zip':
      return keep(await cache.extractZip(file));
  }
  async function keep(folder: string): Promise<string> {
    try {
      return await cache.cacheDir(folder, name, version);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** `https://host/path` with the mirror's address, which may have a path of its own, in place of scheme and host. */
export function mirrored(url: string, mirror: string | undefined): string {
  if (mirror === undefined || mirror.trim() === '') return url;
  const { pathname, search } = new URL(url);
  return `${mirror.trim().replace(/\/+$/, '')}${pathname}${search}`;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function notFetched(tool: PinnedTool, url: string, cause: unknown): ActionError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ActionError('error-network', `${tool.name} ${tool.version} cannot be fetched from ${url}: ${why}`, {
    hint: 'check that the runner may reach that address, or set DEPLOY_ACTIONS_MIRROR to one that it may',
    retryable: true,
    cause,
  });
}
