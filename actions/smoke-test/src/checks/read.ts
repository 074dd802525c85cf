import { InputError, type InputFault, Secret } from '@deploy-actions/core';
import type { Inputs } from '../inputs.ts';
import { addressOf, type Check, type HttpCheck, type VersionPlace } from './check.ts';
import { isJsonPath } from './jsonpath.ts';
import type { WrittenCheck } from './schema.ts';

/** `url` and `checks` as one list, each with a name of its own. Throws InputError with all faults. */
export async function readChecks(inputs: Pick<Inputs, 'url' | 'checks'>): Promise<readonly Check[]> {
  const faults: InputFault[] = [];
  const written: readonly (WrittenCheck & { readonly input: string })[] = [
    ...inputs.url.map((url) => ({ url, input: 'url' })),
    ...(inputs.checks ?? []).map((check) => ({ ...check, input: 'checks' })),
  ];
  if (written.length === 0)
    faults.push({
      input: 'url',
      message: 'is required, unless `checks` are given',
      accepted: 'https://shop.example.com/health, one a line',
    });
  const checks: Check[] = [];
  for (const one of written) {
    const check = one.tcp === undefined ? httpCheck(one, faults) : tcpCheck(one, faults);
    if (check === undefined) continue;
    if (check.kind === 'http') await checkPaths(check, faults);
    checks.push({ ...check, name: uniqueName(check, one.name, checks) });
  }
  if (faults.length > 0) throw new InputError(faults);
  return checks;
}

function httpCheck(written: WrittenCheck & { readonly input: string }, faults: InputFault[]): HttpCheck | undefined {
  const url = URL.canParse(written.url ?? '') ? new URL(written.url ?? '') : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    faults.push({
      input: written.input,
      message: `"${withoutSecrets(written.url ?? '')}" is no address of a web server`,
      accepted: 'https://HOST/PATH, http://SERVICE.NAMESPACE.svc:PORT/PATH',
    });
    return undefined;
  }
  if (written['certificate-days'] !== undefined && url.protocol !== 'https:')
    faults.push({
      input: written.input,
      message: `"${withoutSecrets(written.url ?? '')}" has no certificate, being plain http`,
      accepted: 'certificate-days with https:// alone',
    });
  const { status, contains } = written;
  return {
    kind: 'http',
    name: '',
    url: new Secret(url.href),
    method: written.method ?? 'GET',
    headers: written.headers ?? {},
    body: written.body,
    status: typeof status === 'number' ? [status] : status,
    jsonpath: written.jsonpath ?? {},
    contains: typeof contains === 'string' ? [contains] : (contains ?? []),
    matches: written.matches,
    header: Object.fromEntries(
      Object.entries(written.header ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    version: versionPlace(written.version),
    certificateDays: written['certificate-days'],
    maxTime: written['max-time'],
  };
}

/** An address may carry a password or a key; what is quoted is its beginning up to where they could stand. */
function withoutSecrets(address: string): string {
  if (/^[a-z]+:\/\/[^/]*@/i.test(address)) return address.replace(/:\/\/[^/]*@/, '://***@').replace(/\?.*$/s, '?…');
  return address.replace(/\?.*$/s, '?…');
}

function versionPlace(version: WrittenCheck['version']): VersionPlace | undefined {
  if (version?.jsonpath !== undefined) return { in: 'jsonpath', path: version.jsonpath };
  if (version?.header !== undefined) return { in: 'header', name: version.header.toLowerCase() };
  return version?.matches === undefined ? undefined : { in: 'body', expression: version.matches };
}

function tcpCheck(written: WrittenCheck & { readonly input: string }, faults: InputFault[]): Check | undefined {
  const [, host, bare, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(written.tcp ?? '') ?? [];
  if (port === undefined || Number(port) > 65_535) {
    faults.push({ input: written.input, message: `"${written.tcp}" is no address`, accepted: 'HOST:PORT' });
    return undefined;
  }
  return { kind: 'tcp', name: '', host: host ?? bare ?? '', port: Number(port), maxTime: written['max-time'] };
}

async function checkPaths(check: HttpCheck, faults: InputFault[]): Promise<void> {
  const paths = [...Object.keys(check.jsonpath), ...(check.version?.in === 'jsonpath' ? [check.version.path] : [])];
  for (const path of paths) {
    if (!(await isJsonPath(path)))
      faults.push({
        input: 'checks',
        message: `"${path}" is no JSONPath`,
        accepted: '$.status, $.items[0].name (RFC 9535)',
      });
  }
}

/** Reports key by name, so two checks must not share one. */
function uniqueName(check: Check, given: string | undefined, before: readonly Check[]): string {
  const name = given ?? addressOf(check);
  const twins = before.filter((other) => other.name === name || other.name.startsWith(`${name} (`)).length;
  return twins === 0 ? name : `${name} (${twins + 1})`;
}
