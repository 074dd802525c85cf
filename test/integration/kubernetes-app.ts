export interface AppOptions {
  readonly name?: string;
  readonly image: string;
  readonly replicas?: number;
  readonly command?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** YAML of further fields of the container, indented by ten blanks. */
  readonly container?: string;
  /** YAML of further fields of the pod's spec, indented by six blanks. */
  readonly pod?: string;
  /** YAML of further fields of the Deployment's spec, indented by two blanks. */
  readonly spec?: string;
}

/** A Deployment as a user would write it. */
export function app(options: AppOptions): string {
  const { name = 'api', image, replicas = 1, command = 'exec sleep infinity', env = {} } = options;
  const variables = Object.entries(env).map(
    ([key, value]) => `            - { name: ${key}, value: ${JSON.stringify(value)} }`,
  );
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
${options.spec ?? ''}
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 0
${options.pod ?? ''}
      containers:
        - name: ${name}
          image: ${image}
          command: [sh, -c, ${JSON.stringify(command)}]
${variables.length === 0 ? '' : `          env:\n${variables.join('\n')}`}
${options.container ?? ''}
`;
}

/** A ConfigMap as a further document of the same file. */
export function configMap(name: string, data: Readonly<Record<string, string>>): string {
  return `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: ${JSON.stringify(data)}\n`;
}
