import { InputError, type InputFault, Secret } from '@deploy-actions/core';
import type { Inputs } from './inputs.ts';

/** One Secret as it should be: our keys of it. */
export interface WantedSecret {
  readonly name: string;
  /** `Opaque`, `kubernetes.io/dockerconfigjson` … */
  readonly type: string;
  /** Values in base64, as the API server stores them. */
  readonly data: Readonly<Record<string, Secret>>;
}

const NAME = /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const DOCKER_CONFIG = '.dockerconfigjson';

/** What the inputs ask for. @throws InputError with every contradiction among them */
export function wantedSecrets(inputs: Inputs): WantedSecret[] {
  const faults: InputFault[] = [];
  const single = singleSecret(inputs, faults);
  const several = Object.entries(inputs.secrets ?? {}).map(([name, values]) => ({
    name,
    type: inputs['secret-type'] ?? 'Opaque',
    data: encodeAll(values),
  }));
  if (single !== undefined && several.some((secret) => secret.name === single.name)) {
    faults.push({ input: 'secrets', message: `names "${single.name}", which \`secret-name\` names too` });
  }
  if (single === undefined && several.length === 0 && faults.length === 0) {
    faults.push({ input: 'secret-name', message: 'is missing, and so is `secrets`', accepted: 'the name of a Secret' });
  }
  if (faults.length > 0) throw new InputError(faults);
  return single === undefined ? several : [single, ...several];
}

function singleSecret(inputs: Inputs, faults: InputFault[]): WantedSecret | undefined {
  const name = inputs['secret-name'];
  const registry = registryData(inputs, faults);
  const given = { ...encodeAll(inputs['string-data'] ?? {}), ...registry };
  for (const [key, value] of Object.entries(inputs.data ?? {})) {
    const packed = value.reveal().replace(/\s+/g, '');
    if (key in given) faults.push({ input: 'data', message: `has the key "${key}", which another input has too` });
    else if (!BASE64.test(packed))
      faults.push({
        input: 'data',
        message: `the value of "${key}" is no base64`,
        accepted: 'base64; plain text goes into `string-data`',
      });
    else given[key] = new Secret(packed);
  }
  const nothing = Object.keys(given).length === 0 && inputs['string-data'] === undefined && inputs.data === undefined;
  if (name === undefined) {
    if (!nothing) faults.push({ input: 'secret-name', message: 'is missing', accepted: 'the name of a Secret' });
    return undefined;
  }
  if (!NAME.test(name))
    faults.push({
      input: 'secret-name',
      message: `"${name}" is no name that Kubernetes accepts`,
      accepted: 'lower-case letters, digits, - and .',
    });
  if (nothing && faults.length === 0) {
    faults.push({
      input: 'string-data',
      message: 'is missing, and so are `data` and the inputs of a container registry',
      accepted: 'KEY: text',
    });
  }
  const implied = registry === undefined ? 'Opaque' : 'kubernetes.io/dockerconfigjson';
  return { name, type: inputs['secret-type'] ?? implied, data: given };
}

/** An image pull secret's one key. */
function registryData(inputs: Inputs, faults: InputFault[]): Record<string, Secret> | undefined {
  const url = inputs['container-registry-url'];
  const username = inputs['container-registry-username'];
  const password = inputs['container-registry-password'];
  if (url === undefined && username === undefined && password === undefined) return undefined;
  if (url === undefined || username === undefined || password === undefined) {
    const parts = {
      'container-registry-url': url,
      'container-registry-username': username,
      'container-registry-password': password,
    };
    for (const [input, value] of Object.entries(parts)) {
      if (value === undefined)
        faults.push({ input, message: 'is missing', accepted: 'all three inputs of a container registry, or none' });
    }
    return undefined;
  }
  const auth = Buffer.from(`${username}:${password.reveal()}`).toString('base64');
  const config = { auths: { [url]: { username, password: password.reveal(), auth } } };
  return encodeAll({ [DOCKER_CONFIG]: new Secret(JSON.stringify(config)) });
}

function encodeAll(values: Readonly<Record<string, Secret>>): Record<string, Secret> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, new Secret(Buffer.from(value.reveal()).toString('base64'))]),
  );
}
