import type { Flow } from "./flow.ts";

/** Who can write the text of a context: anybody, or those who may write to the repository or start its workflows. */
export type Author = "anybody" | "writer";

// https://docs.github.com/en/actions/reference/security/secure-use: contexts that end in text of others.
const ANYBODY = [
  "github.head_ref",
  "github.event.issue.title",
  "github.event.issue.body",
  "github.event.pull_request.title",
  "github.event.pull_request.body",
  "github.event.pull_request.head.ref",
  "github.event.pull_request.head.label",
  "github.event.pull_request.head.repo.default_branch",
  "github.event.pull_request.head.repo.description",
  "github.event.pull_request.head.repo.homepage",
  "github.event.comment.body",
  "github.event.review.body",
  "github.event.review_comment.body",
  "github.event.discussion.title",
  "github.event.discussion.body",
  "github.event.pages.*.page_name",
  "github.event.pages.*.title",
  "github.event.commits.*.message",
  "github.event.commits.*.author.email",
  "github.event.commits.*.author.name",
  "github.event.commits.*.committer.email",
  "github.event.commits.*.committer.name",
  "github.event.head_commit.message",
  "github.event.head_commit.author.email",
  "github.event.head_commit.author.name",
  "github.event.head_commit.committer.email",
  "github.event.head_commit.committer.name",
  "github.event.workflow_run.head_branch",
  "github.event.workflow_run.display_title",
  "github.event.workflow_run.head_commit.message",
  "github.event.workflow_run.head_commit.author.email",
  "github.event.workflow_run.head_commit.author.name",
  "github.event.workflow_run.pull_requests.*.head.ref",
].map((path) => path.split("."));

/** Text of those who may write: releases, payloads of dispatches, branch names. */
const WRITER =
  /^github\.event\.(?:release\.(?:name|body|tag_name|target_commitish)|client_payload(?:\..+)?|ref|base_ref|workflow_run\.(?:name|path)|deployment\.(?:payload.*|ref|description)|milestone\.(?:title|description)|repository\.(?:description|homepage)|pull_request\.(?:base\.(?:ref|label)|milestone\.title)|label\.(?:name|description))$/;

/** Who writes what flows; undefined for what has a safe form (numbers, hashes, names of accounts). */
export function authorOf({ path, whole }: Flow): Author | undefined {
  const parts = path.split(".");
  if (ANYBODY.some((known) => matches(known, parts, whole))) return "anybody";
  return WRITER.test(path) ? "writer" : undefined;
}

function matches(known: readonly string[], parts: readonly string[], whole: boolean): boolean {
  if (parts.length > known.length || (parts.length < known.length && !whole)) return false;
  return parts.every((part, at) => part === known[at] || part === "*" || known[at] === "*");
}
