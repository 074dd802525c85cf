import { diffObjects, displayName, type KubeObject, refOf } from '@deploy-actions/kubernetes';
import type { Inputs } from './inputs.ts';
import type { Observed } from './observe.ts';

/** What is to be done to one Secret. Its values print as `***`. */
export interface SecretChange {
  readonly kind: 'create' | 'update' | 'unchanged';
  readonly object: KubeObject;
  readonly force: boolean;
  /** Names of keys that are written or taken away, with a sign before each. */
  readonly keys: readonly string[];
}

export interface Plan {
  readonly context: string;
  readonly namespace: string;
  readonly manager: string;
  readonly missingNamespace: Observed['missingNamespace'];
  readonly changes: readonly SecretChange[];
}

/** Decides which Secrets change: pure. */
export function plan(_inputs: Inputs, observed: Observed): Plan {
  const { context, namespace, manager, missingNamespace } = observed;
  const changes = observed.secrets.map(({ object, live, preview, force }): SecretChange => {
    const fields = diffObjects(live, preview ?? object);
    const keys = fields.flatMap(({ field, before, after }) => {
      const key = /^data\.(.+)$/.exec(field)?.[1];
      const sign = before === undefined ? '+' : after === undefined ? '-' : '~';
      return key === undefined ? [] : [`${sign} ${key}`];
    });
    // All keys of a Secret that has none yet are one field to the diff.
    const all = Object.keys((object.data ?? {}) as object).map((key) => `+ ${key}`);
    const kind = live === undefined ? 'create' : fields.length === 0 ? 'unchanged' : 'update';
    return { kind, object, force, keys: kind !== 'unchanged' && keys.length === 0 ? all : keys };
  });
  return { context, namespace, manager, missingNamespace, changes };
}

const SIGNS = { create: '+', update: '~', unchanged: '=' } as const;

/** The plan as lines for the log: names of Secrets and keys, never a value. */
export function describe(plan: Plan): readonly string[] {
  const { missingNamespace } = plan;
  return [
    `Secrets in ${plan.namespace} of ${plan.context}`,
    ...(missingNamespace === undefined ? [] : [`+ Namespace/${plan.namespace} (from the manifests of this release)`]),
    ...plan.changes.flatMap(({ kind, object, force, keys }) => [
      `${SIGNS[kind]} ${displayName(refOf(object))}${force ? ' (takes keys over that were written by hand)' : ''}`,
      ...keys.map((key) => `    ${key}`),
    ]),
  ];
}
