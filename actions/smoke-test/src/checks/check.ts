import type { Secret } from '@deploy-actions/core';
import type { METHODS } from './schema.ts';

/** Where the running version stands in an answer. */
export type VersionPlace =
  | { readonly in: 'jsonpath'; readonly path: string }
  | { readonly in: 'header'; readonly name: string }
  /** The first group of the expression, or all of what it finds. */
  | { readonly in: 'body'; readonly expression: string };

/** What is asked of one HTTP address. */
export interface HttpCheck {
  readonly kind: 'http';
  readonly name: string;
  /** Whole: query and credentials often hold keys. */
  readonly url: Secret;
  readonly method: (typeof METHODS)[number];
  readonly headers: Readonly<Record<string, Secret>>;
  readonly body: Secret | undefined;
  /** Undefined: any 2xx. */
  readonly status: readonly number[] | undefined;
  readonly jsonpath: Readonly<Record<string, string>>;
  readonly contains: readonly string[];
  readonly matches: string | undefined;
  /** Name in lower case → text that the header's value must contain. */
  readonly header: Readonly<Record<string, string>>;
  readonly version: VersionPlace | undefined;
  readonly certificateDays: number | undefined;
  /** Milliseconds. */
  readonly maxTime: number | undefined;
}

/** A port that must take connections. */
export interface TcpCheck {
  readonly kind: 'tcp';
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly maxTime: number | undefined;
}

export type Check = HttpCheck | TcpCheck;

/** What the check asks, without what may be secret in an address. */
export function addressOf(check: Check): string {
  if (check.kind === 'tcp') return `${check.host}:${check.port}`;
  const url = new URL(check.url.reveal());
  return `${url.origin}${url.pathname}`;
}
