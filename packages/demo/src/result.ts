/** The words that an action's `outcome` output knows. */
export type Outcome = 'succeeded' | 'unchanged' | 'failed' | 'timed-out' | 'cancelled';

/** What the demo's last line says. Times are in seconds. */
export interface DemoResult {
  readonly demo: 'whooper';
  readonly stages: Readonly<Record<string, number>>;
  readonly staging: Outcome;
  readonly production: Outcome;
  readonly broken: {
    readonly outcome: Outcome;
    readonly reason: string;
    /** Whether every pod that is ready runs the images from before. */
    readonly rolledBack: boolean;
    /** From the first change to the verdict, with putting back. */
    readonly seconds: number;
  };
  readonly requests: {
    /** Asked while the broken commit was being deployed. */
    readonly total: number;
    readonly failed: number;
    /** The same prober on the same machine while nothing was being deployed. */
    readonly control: { readonly total: number; readonly failed: number };
  };
}

/** What the demo promised and did not keep, as sentences; empty when it kept everything. */
export function brokenPromises({ staging, production, broken, requests }: DemoResult): string[] {
  const promises: [boolean, string][] = [
    [staging === 'succeeded', `develop should be in staging, but that deployment ${staging}`],
    [production === 'succeeded', `main should be in production, but that deployment ${production}`],
    [broken.outcome === 'failed', `the broken commit should have been refused, but its deployment ${broken.outcome}`],
    [broken.reason === 'crash-loop', `the broken commit should be refused for crash-loop, not for "${broken.reason}"`],
    [broken.rolledBack, 'production should run the version from before again'],
    [requests.total > 0, 'nothing was asked while the broken commit was being deployed'],
    [requests.failed === 0, `${requests.failed} of ${requests.total} requests failed meanwhile`],
    [requests.control.total > 0, 'the control run asked nothing'],
    [
      requests.control.failed === 0,
      `${requests.control.failed} requests failed without a deployment: this machine is too busy`,
    ],
  ];
  return promises.filter(([kept]) => !kept).map(([, sentence]) => sentence);
}
