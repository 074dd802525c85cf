import * as v from 'valibot';

const optionalText = v.optional(v.nullable(v.string()));
const flag = v.optional(v.nullable(v.boolean()));

const clusterEntry = v.looseObject({
  server: v.string(),
  'certificate-authority': optionalText,
  'certificate-authority-data': optionalText,
  'insecure-skip-tls-verify': flag,
  'tls-server-name': optionalText,
  'proxy-url': optionalText,
});

const execEntry = v.looseObject({
  apiVersion: optionalText,
  command: v.string(),
  args: v.optional(v.nullable(v.array(v.string()))),
  env: v.optional(v.nullable(v.array(v.looseObject({ name: v.string(), value: v.string() })))),
  installHint: optionalText,
  provideClusterInfo: flag,
});

const userEntry = v.looseObject({
  'client-certificate': optionalText,
  'client-certificate-data': optionalText,
  'client-key': optionalText,
  'client-key-data': optionalText,
  token: optionalText,
  tokenFile: optionalText,
  username: optionalText,
  password: optionalText,
  exec: v.optional(v.nullable(execEntry)),
  'auth-provider': v.optional(v.nullable(v.looseObject({ name: optionalText }))),
});

const contextEntry = v.looseObject({ cluster: v.string(), user: optionalText, namespace: optionalText });

const listOf = <Entry extends v.GenericSchema>(entry: Entry) => v.optional(v.nullable(v.array(entry)), []);

/** A kubeconfig as far as we read it; unknown keys are other tools' business. */
export const kubeconfigSchema = v.looseObject({
  'current-context': optionalText,
  clusters: listOf(v.looseObject({ name: v.string(), cluster: clusterEntry })),
  users: listOf(v.looseObject({ name: v.string(), user: v.optional(v.nullable(userEntry)) })),
  contexts: listOf(v.looseObject({ name: v.string(), context: contextEntry })),
});

export type ClusterEntry = v.InferOutput<typeof clusterEntry>;
export type UserEntry = v.InferOutput<typeof userEntry>;
export type ContextEntry = v.InferOutput<typeof contextEntry>;
