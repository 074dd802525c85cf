import { type ActionError, HttpError, networkFault, type Place, type ReasonCode } from '@deploy-actions/core';
import * as v from 'valibot';

/** One field that another manager owns with another value. */
export interface FieldConflict {
  /** As the API server writes it: `.spec.template.spec.containers[name="api"].image`. */
  readonly field: string;
  /** `kubectl-edit`, without the API version it used. */
  readonly manager: string;
}

/** An answer of the API server that is no success. `status` is its HTTP code, `conflicts` what a server-side apply met. */
export class ApiError extends HttpError {
  readonly conflicts: readonly FieldConflict[];
  /** The machine-readable reason of the API server's Status: `NotFound`, `AlreadyExists`, `Expired` … */
  readonly apiReason: string;

  constructor(
    reason: ReasonCode,
    message: string,
    details: {
      hint: string;
      status: number;
      apiReason: string;
      retryable?: boolean;
      place?: Place;
      conflicts?: readonly FieldConflict[];
    },
  ) {
    super(reason, message, details);
    this.apiReason = details.apiReason;
    this.conflicts = details.conflicts ?? [];
  }
}

const statusSchema = v.looseObject({
  kind: v.literal('Status'),
  message: v.optional(v.string(), ''),
  reason: v.optional(v.string(), ''),
  details: v.optional(
    v.looseObject({
      causes: v.optional(
        v.array(
          v.looseObject({
            reason: v.optional(v.string()),
            message: v.optional(v.string()),
            field: v.optional(v.string()),
          }),
        ),
      ),
    }),
  ),
});

type Status = v.InferOutput<typeof statusSchema>;

/** What was asked, for the sentence: `apply Deployment/api`. */
export interface Question {
  readonly doing: string;
  readonly context: string;
  readonly place?: Place | undefined;
}

/** Makes the typed error of an answer with a status of 400 or more. `body` is the text that came with it. */
export function errorOfAnswer(status: number, body: string, question: Question): ApiError {
  const answer = parseStatus(body);
  const said = answer.message || `HTTP ${status}`;
  const make = (
    reason: ReasonCode,
    message: string,
    hint: string,
    more: { retryable?: boolean; conflicts?: FieldConflict[] } = {},
  ) =>
    new ApiError(reason, message, {
      hint,
      status,
      apiReason: answer.reason,
      ...(question.place === undefined ? {} : { place: question.place }),
      ...more,
    });
  const could = `could not ${question.doing}`;

  if (status === 401)
    return make(
      'error-auth',
      `${could}: the cluster of context "${question.context}" did not accept the credentials`,
      "check that the kubeconfig is this cluster's and that its token or certificate was not revoked",
    );
  if (status === 403) return forbidden(said, could, make);
  if (status === 409 && answer.details?.causes?.some((cause) => cause.reason === 'FieldManagerConflict')) {
    const conflicts = conflictsOf(answer);
    const list = conflicts.map((conflict) => `${conflict.field} (${conflict.manager})`).join(', ');
    return make(
      'conflict',
      `${could}: other managers own ${conflicts.length} of its fields with other values: ${list}`,
      'remove these fields from the manifest, or give `force-conflicts: true` to take them over',
      { conflicts },
    );
  }
  const missing = /namespaces "([^"]+)" not found/.exec(said);
  if (status === 404 && missing) {
    return make(
      'error-input',
      `${could}: the namespace "${missing[1]}" does not exist in the cluster of context "${question.context}"`,
      'create it, correct `namespace`, or add a Namespace object to the manifests',
    );
  }
  if (status === 422 && /immutable|may not change|Forbidden: updates to/.test(said)) {
    return make('immutable', `${could}: ${said}`, 'give the object another name, or delete it first (its pods end)');
  }
  if (status === 400 || status === 422) {
    return make('invalid-manifest', `${could}: ${said}`, 'correct the manifest; the API server names the field');
  }
  // Server-side apply answers 500 where the object does not fit its schema.
  if (/failed to create typed patch object/.test(said)) {
    return make('invalid-manifest', `${could}: ${said}`, 'correct the manifest; the API server names the field');
  }
  if (status === 429 || status >= 500) {
    return make(
      'error-network',
      `${could}: ${said}`,
      'the API server is overloaded or restarting; run the step again',
      { retryable: true },
    );
  }
  return make('error-internal', `${could}: ${said}`, 'the API server answered what this action does not expect');
}

function forbidden(
  said: string,
  could: string,
  make: (reason: ReasonCode, message: string, hint: string) => ApiError,
): ApiError {
  const right = /cannot (\S+) resource "([^"]+)"(?: in API group "([^"]*)")?(?: in the namespace "([^"]+)")?/.exec(
    said,
  );
  if (right) {
    const [, verb, resource, group, namespace] = right;
    const what = group ? `${resource}.${group}` : resource;
    const where = namespace === undefined ? 'cluster-wide' : `in the namespace "${namespace}"`;
    return make(
      'error-auth',
      `${could}: this account may not ${verb} ${what} ${where}`,
      `grant it the verb \`${verb}\` on \`${what}\`; the README of this action lists the least Role`,
    );
  }
  if (/exceeded quota/.test(said))
    return make('quota', `${could}: ${said}`, 'raise the quota of the namespace, or ask for less');
  if (/is being terminated/.test(said))
    return make('error-input', `${could}: ${said}`, 'wait until the namespace is gone, then deploy again');
  return make('admission-denied', `${could}: ${said}`, 'change what the rule objects to, or have the rule changed');
}

function conflictsOf(answer: Status): FieldConflict[] {
  return (answer.details?.causes ?? [])
    .filter((cause) => cause.reason === 'FieldManagerConflict')
    .map((cause) => ({
      field: cause.field ?? '?',
      manager: /conflict with "([^"]+)"/.exec(cause.message ?? '')?.[1] ?? 'unknown',
    }));
}

function parseStatus(body: string): Status {
  try {
    const parsed = v.safeParse(statusSchema, JSON.parse(body));
    if (parsed.success) return parsed.output;
  } catch {
    // A proxy in between answers in HTML.
  }
  return { kind: 'Status', message: body.slice(0, 200).replace(/\s+/g, ' ').trim(), reason: '' };
}

/** Makes the typed error of a request that got no answer. */
export function errorOfFault(cause: unknown, server: URL, question: Question): ActionError {
  const fault = networkFault(
    cause,
    `could not ${question.doing}: the API server ${server.origin} of context "${question.context}"`,
  );
  if (!fault.message.includes('certificate')) return fault;
  return new HttpError(fault.reason, fault.message, {
    hint: "the kubeconfig must hold this cluster's certificate-authority-data, or the tls-server-name that its certificate is for",
    cause,
  });
}
