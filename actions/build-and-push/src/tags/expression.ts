import type { Dayjs } from 'dayjs';
import { branchOf, type GitFacts, gitTagOf } from '../git.ts';

/** Values by name; a function takes the quoted text and the time zone that follow the name. */
export type Expressions = Readonly<Record<string, string | ((format: string, timeZone: string) => string)>>;

const EXPRESSION = /\{\{\s*([a-z_]+)(?:\s+(?:'([^']*)'|"([^"]*)"))?(?:\s+tz=(?:'([^']*)'|"([^"]*)"))?\s*\}\}/g;

/** A template names what there is no value for. `known` lists what it may name. */
export class UnknownExpression extends Error {
  readonly known: readonly string[];

  constructor(message: string, known: readonly string[]) {
    super(message);
    this.known = known;
  }
}

/**
 * `template` with each `{{name}}` and `{{name 'format' tz='Zone'}}` filled in.
 * Throws {@link UnknownExpression} for a name that `expressions` lacks and for braces that are no expression.
 */
export function fill(template: string, expressions: Expressions): string {
  const known = Object.keys(expressions);
  const filled = template.replace(
    EXPRESSION,
    (whole, name: string, single?: string, double?: string, zone?: string, zone2?: string) => {
      const value = Object.hasOwn(expressions, name) ? expressions[name] : undefined;
      if (value === undefined) throw new UnknownExpression(`${whole} is no known expression`, known);
      return typeof value === 'string' ? value : value(single ?? double ?? '', zone ?? zone2 ?? 'UTC');
    },
  );
  if (filled.includes('{{')) throw new UnknownExpression(`"${template}" has braces that are no expression`, known);
  return filled;
}

/** Expressions that every attribute of every rule may hold (metadata-action's "global expressions"). */
export async function globalExpressions(git: GitFacts): Promise<Expressions> {
  const at = await timeFormatter();
  const onDefault = branchOf(git) !== '' && branchOf(git) === git.defaultBranch;
  return {
    branch: branchOf(git),
    tag: gitTagOf(git),
    sha: git.commit.slice(0, 7),
    base_ref: git.baseRef,
    is_default_branch: String(onDefault),
    is_not_default_branch: String(!onDefault),
    date: (format, zone) => at(git.now, format, zone),
    commit_date: (format, zone) => at(git.committedAt ?? git.now, format, zone),
  };
}

/** Dates in moment's tokens, which is how metadata-action's users write them. */
async function timeFormatter(): Promise<(time: string, format: string, zone: string) => string> {
  const [{ default: dayjs }, { default: utc }, { default: timezone }, { default: advanced }] = await Promise.all([
    import('dayjs'),
    import('dayjs/plugin/utc.js'),
    import('dayjs/plugin/timezone.js'),
    import('dayjs/plugin/advancedFormat.js'),
  ]);
  dayjs.extend(utc);
  dayjs.extend(timezone);
  dayjs.extend(advanced);
  return (time, format, zone) => {
    let inZone: Dayjs;
    try {
      inZone = dayjs.utc(time).tz(zone);
    } catch {
      throw new UnknownExpression(`"${zone}" is no time zone`, ['UTC', 'Europe/Berlin', 'Asia/Tokyo']);
    }
    return format === '' ? inZone.toISOString() : inZone.format(format);
  };
}
