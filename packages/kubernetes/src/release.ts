import { ActionError, type Context, InputError, type ReleaseReport, type ReportTarget } from '@deploy-actions/core';
import type { KubeObject } from './objects.ts';

const DNS_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The release's name: the input, what an earlier step called it, or the repository's name in the letters that Kubernetes allows.
 * @throws InputError where the input is no such name, or nothing tells one
 */
export function releaseName(
  given: string | undefined,
  { runner, release }: Pick<Context, 'runner' | 'release'>,
): string {
  const fault = (message: string) =>
    new InputError([{ input: 'release-name', message, accepted: 'lower-case letters, digits and -, at most 63' }]);
  if (given !== undefined) {
    if (!DNS_NAME.test(given)) throw fault(`"${given}" is no name that Kubernetes accepts`);
    return given;
  }
  const repository = runner.repository?.split('/').at(-1) ?? '';
  const name =
    release.release ??
    repository
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 63);
  if (!DNS_NAME.test(name)) throw fault('is missing, and there is no repository to take it from');
  return name;
}

/** Where the namespace of objects that name none may come from, in this order. */
export interface NamespaceSources {
  readonly given: string | undefined;
  readonly report: ReleaseReport;
  /** The kubeconfig context's name, and its namespace. */
  readonly context: string;
  readonly ofContext: string | undefined;
  readonly objects: readonly KubeObject[];
}

/**
 * The namespace of a step: the input, this job's earlier step's in the same cluster, the manifests' only one, the context's.
 * @throws ActionError `error-input` where none of them tells; never silently `default`
 */
export function chooseNamespace({ given, report, context, ofContext, objects }: NamespaceSources): string {
  if (given !== undefined) return given;
  const earlier = new Set(targetsOf(report, context).flatMap(([, target]) => target.namespace ?? []));
  const own = new Set(objects.flatMap((object) => object.metadata.namespace ?? []));
  const [only] = earlier.size === 1 ? earlier : own.size === 1 ? own : [];
  const found = only ?? ofContext;
  if (found !== undefined) return found;
  const several = own.size > 1 ? `the manifests name several (${[...own].join(', ')}) and ` : '';
  throw new ActionError(
    'error-input',
    `no namespace is given: ${several}context "${context}" of the kubeconfig names none`,
    {
      hint: 'give `namespace`; `default` is never taken silently',
    },
  );
}

/** How the report names a target. */
export function targetKey(context: string, namespace: string): string {
  return `${context}/${namespace}`;
}

/** What earlier steps of this job left for a cluster; steps that did not know the cluster's context left it without one. */
export function targetsOf(report: ReleaseReport, context: string): [string, ReportTarget][] {
  return Object.entries(report.targets).filter(
    ([key]) => !key.includes('/') || key.startsWith('/') || key.startsWith(`${context}/`),
  );
}
