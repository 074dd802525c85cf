/** How the supervisor of a cell finds out that a program does its work. */
export type Probe =
  | { readonly kind: 'http'; readonly url: string }
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'port'; readonly port: number }
  /** It works as soon as it runs. */
  | { readonly kind: 'none' };

/** One program of a cell, with the files it reads. */
export interface Part {
  readonly name: string;
  /** The program and its arguments, with paths as they are inside the cell. */
  readonly command: readonly [string, ...string[]];
  /** The parts that must be ready before this one starts. */
  readonly after: readonly string[];
  readonly ready: Probe;
  /** Files to write before the cell starts: path below the sandbox's state folder → content. */
  readonly files: Readonly<Record<string, string>>;
}

/** A range of ports, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** A port of a cell and the address inside it that answers there. */
export interface Publication {
  readonly port: number;
  /** `tcp:HOST:PORT` or `unix:PATH`, as the relay dials it. */
  readonly to: string;
}

/** All that the supervisor of a cell needs to know; kept as `cells/<name>/plan.json`. */
export interface CellPlan {
  readonly sandbox: string;
  readonly cell: string;
  /** The sandbox's state folder, as it is outside. */
  readonly state: string;
  readonly parts: readonly Part[];
  /** Ports on 127.0.0.1 of the machine that lead into the cell. */
  readonly published: readonly Publication[];
  /** Ports on 127.0.0.1 of the cell that lead to a socket of another cell. */
  readonly imported: readonly Publication[];
  readonly network: CellNetwork | null;
  /** Folders that stay visible where the cell covers the machine's with empty ones. */
  readonly keep: readonly string[];
  /** The relay, and every other program that is not the distribution's. */
  readonly programs: string;
}

/** The addresses of a cell that has pods. */
export interface CellNetwork {
  readonly nodeAddress: string;
  readonly serviceRange: string;
}

/** How a part does. Times are in milliseconds since the cell started. */
export type PartStatus =
  | { readonly state: 'waiting' }
  | { readonly state: 'starting'; readonly pid: number; readonly startedAt: number }
  | { readonly state: 'ready'; readonly pid: number; readonly startedAt: number; readonly readyAt: number }
  | { readonly state: 'ended'; readonly how: string; readonly lastLines: readonly string[] };

/** What the supervisor of a cell says about it; kept as `cells/<name>/status.json`. */
export interface CellStatus {
  readonly parts: Readonly<Record<string, PartStatus>>;
  /** Why the cell could not be set up, apart from its parts. */
  readonly fault: string | null;
}
