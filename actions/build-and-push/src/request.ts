import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type Context, type InputFault, Secret } from '@deploy-actions/core';
import { type CacheSpec, parseCache } from './cache.ts';
import type { BuildRequest } from './engines/engine.ts';
import type { Inputs } from './inputs.ts';
import type { BuildSecret } from './secrets.ts';

const PLATFORM =
  /^(linux|windows|freebsd)\/(amd64|arm64|arm|386|ppc64le|s390x|riscv64|mips64le|mips64|loong64|wasm)(\/v\d)?$/;

/** What the inputs ask to be built, with the files looked at; every fault comes back. */
export function readRequest(
  inputs: Inputs,
  context: Pick<Context, 'env' | 'runner'>,
): { readonly request: BuildRequest; readonly faults: readonly InputFault[] } {
  const faults: InputFault[] = [];
  const file = inputs.file ?? join(inputs.context, 'Dockerfile');
  checkFiles(inputs, file, context.runner.workspace, faults);
  for (const platform of inputs.platforms) {
    if (!PLATFORM.test(platform))
      faults.push({
        input: 'platforms',
        message: `there is no platform "${platform}"`,
        accepted: 'linux/amd64, linux/arm64, linux/arm/v7, …',
      });
  }
  const request: BuildRequest = {
    context: inputs.context,
    file,
    target: inputs.target,
    buildArgs: Object.fromEntries(inputs['build-args']),
    buildContexts: buildContexts(inputs, context.runner.workspace, faults),
    platforms: [...new Set(inputs.platforms)],
    builder: inputs.builder ?? (context.env.BUILDX_BUILDER || undefined),
    secrets: buildSecrets(inputs, context, faults),
    annotations: inputs.annotations,
    push: inputs.push,
    load: inputs.load,
    cacheFrom: caches('cache-from', inputs, context.env, faults),
    cacheTo: caches('cache-to', inputs, context.env, faults),
    noCache: inputs['no-cache'],
    pull: inputs.pull,
    provenance: attestation('provenance', inputs.provenance, faults),
    sbom: attestation('sbom', inputs.sbom, faults),
    epoch: epoch(context.env, faults),
  };
  return { request, faults };
}

function checkFiles(inputs: Inputs, file: string, workspace: string, faults: InputFault[]): void {
  const shown = (path: string) => relative(workspace, path) || '.';
  if (!existsSync(inputs.context) || !statSync(inputs.context).isDirectory()) {
    faults.push({
      input: 'context',
      message: `there is no folder "${shown(inputs.context)}" in the workspace`,
      accepted: 'a folder of the repository; is actions/checkout before this step?',
    });
  } else if (!existsSync(file) || !statSync(file).isFile()) {
    faults.push({
      input: 'file',
      message: `there is no Dockerfile at "${shown(file)}"`,
      accepted: 'the path of one, relative to the workspace',
    });
  }
}

/** Paths among the values are relative to the workspace; a scheme (`docker-image://`, `oci-layout://`, `target:`, `https://`) stays as it is. */
function buildContexts(inputs: Inputs, workspace: string, faults: InputFault[]): Readonly<Record<string, string>> {
  const contexts: Record<string, string> = {};
  for (const [name, value] of inputs['build-contexts']) {
    const isPath = !/^[a-z-]+:/.test(value);
    contexts[name] = isPath ? resolve(workspace, value) : value;
    if (isPath && !existsSync(resolve(workspace, value)))
      faults.push({
        input: 'build-contexts',
        message: `"${name}": there is no folder "${value}"`,
        accepted: 'name=FOLDER, name=docker-image://IMAGE, name=oci-layout://FOLDER',
      });
  }
  return contexts;
}

function buildSecrets(
  inputs: Inputs,
  context: Pick<Context, 'env' | 'runner'>,
  faults: InputFault[],
): readonly BuildSecret[] {
  const secrets: BuildSecret[] = [...inputs.secrets].map(([id, value]) => ({ id, from: 'value', value }));
  for (const [id, name] of inputs['secret-envs']) {
    const value = context.env[name];
    if (value === undefined || value === '')
      faults.push({
        input: 'secret-envs',
        message: `"${id}": the environment variable ${name} is not set`,
        accepted: 'a variable that the step gets by `env:`',
      });
    else secrets.push({ id, from: 'value', value: new Secret(value) });
  }
  for (const [id, file] of inputs['secret-files']) {
    const path = resolve(context.runner.workspace, file);
    if (existsSync(path)) secrets.push({ id, from: 'file', path });
    else faults.push({ input: 'secret-files', message: `"${id}": there is no file "${file}"`, accepted: 'key=PATH' });
  }
  const twice = secrets.find(({ id }, at) => secrets.findIndex((other) => other.id === id) !== at);
  if (twice !== undefined)
    faults.push({
      input: 'secrets',
      message: `"${twice.id}" is given twice`,
      accepted: 'each id once over secrets, secret-envs and secret-files',
    });
  return secrets;
}

function caches(
  input: 'cache-from' | 'cache-to',
  inputs: Inputs,
  env: Context['env'],
  faults: InputFault[],
): readonly CacheSpec[] {
  return inputs[input].flatMap((line) => {
    const cache = parseCache(line);
    if (typeof cache === 'string') faults.push({ input, message: cache });
    else if (cache.type === 'gha' && !env.ACTIONS_RUNTIME_TOKEN)
      faults.push({
        input,
        message: 'type=gha works in a run of GitHub Actions alone',
        accepted: 'type=registry, type=local',
      });
    else return [cache];
    return [];
  });
}

function attestation(input: 'provenance' | 'sbom', given: string, faults: InputFault[]): string {
  if (/^(true|false)$/i.test(given)) return given.toLowerCase();
  if (!/^[\w-]+=/.test(given))
    faults.push({
      input,
      message: `"${given}" is neither a boolean nor attributes`,
      accepted: 'true, false, mode=min, mode=max',
    });
  return given;
}

function epoch(env: Context['env'], faults: InputFault[]): string | undefined {
  const given = env.SOURCE_DATE_EPOCH || undefined;
  if (given !== undefined && !/^\d+$/.test(given))
    faults.push({
      input: 'SOURCE_DATE_EPOCH',
      message: `"${given}" is no number of seconds`,
      accepted: 'seconds since 1970',
    });
  return given;
}
