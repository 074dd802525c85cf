import type { Context } from './context.ts';
import type { ActionError } from './errors.ts';
import type { Fields } from './inputs/field.ts';
import type { Outcome } from './outcome.ts';
import type { ReportPatch } from './report/schema.ts';

/** What a step comes to: pure data that runAction turns into outputs, job summary, annotations and the report. */
export interface Conclusion {
  readonly outcome: Outcome;
  /** Why it failed; required where the outcome fails the step. */
  readonly failure?: ActionError;
  /** The action's own outputs; `outcome`, `reason`, `report` and `handoff` come on top. */
  readonly outputs: Readonly<Record<string, string>>;
  /** GitHub-flavoured Markdown below the verdict in the job summary. */
  readonly summary: string;
  readonly report?: ReportPatch;
}

/**
 * One action, as data flows through it: inputs → observe → plan → apply → report.
 * `observe` only reads; `plan` is pure and its result serialisable (secrets inside are {@link Secret}s, which print as `***`);
 * the plan is printed and written to the evidence before `apply`, the only stage that changes anything.
 */
export interface Action<Inputs, Observed, Plan, Result> {
  /** The folder's name, `deploy-rollout`. */
  readonly name: string;
  readonly inputs: Fields<Inputs>;
  /** Names of the action's own outputs, in the order of action.yml. */
  readonly outputs: readonly string[];
  /** Default of the `timeout` input, as a user would write it: `10m`. */
  readonly timeout: string;
  observe(inputs: Inputs, context: Context): Promise<Observed>;
  plan(inputs: Inputs, observed: Observed): Plan;
  /** The plan as lines for the log, one a change. */
  describe(plan: Plan): readonly string[];
  apply(plan: Plan, inputs: Inputs, context: Context): Promise<Result>;
  report(result: Result, plan: Plan): Conclusion;
  /** What `dry-run` concludes with; by default `unchanged` with no outputs of its own. */
  reportPlan?(plan: Plan): Conclusion;
  /** The post step: only where a cancelled run would leave something behind. */
  post?(context: Context): Promise<void>;
}
