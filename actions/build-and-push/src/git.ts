/** What is known of the commit being built and of the event that started the run: all that tags and labels are made from. */
export interface GitFacts {
  /** Name of the event, `push`, `pull_request`, `schedule` …; empty outside of a workflow. */
  readonly event: string;
  /** `refs/heads/main`, `refs/tags/v1.2.3`, `refs/pull/7/merge`; empty outside of a workflow. */
  readonly ref: string;
  readonly commit: string;
  /** Of a pull request the branch it goes to, of a pushed tag the branch it was made from, without `refs/heads/`. */
  readonly baseRef: string;
  readonly defaultBranch: string;
  /** When the step began, ISO 8601. */
  readonly now: string;
  /** When the commit was made, ISO 8601; undefined where the event doesn't say. */
  readonly committedAt: string | undefined;
  readonly repository: RepositoryFacts;
}

/** For the OCI labels; undefined where the event doesn't say. */
export interface RepositoryFacts {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly url: string | undefined;
  readonly licence: string | undefined;
}

const after = (ref: string, start: string) => (ref.startsWith(start) ? ref.slice(start.length) : '');

/** The branch, or empty where the ref is none. */
export const branchOf = (git: GitFacts): string => after(git.ref, 'refs/heads/');
/** The git tag, or empty where the ref is none. */
export const gitTagOf = (git: GitFacts): string => after(git.ref, 'refs/tags/');
/** The pull request's number, or empty where the ref is none. */
export const pullRequestOf = (git: GitFacts): string => after(git.ref, 'refs/pull/').replace(/\/(merge|head)$/, '');
