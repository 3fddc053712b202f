import { z } from "zod";
import type { GitHub } from "./client.ts";

/** Of GitHub's answers only what is used; https://docs.github.com/rest/issues */
const User = z.object({ login: z.string() }).nullable();
const Label = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const Issue = z.object({
  number: z.int(),
  html_url: z.url({ protocol: /^https?$/ }),
  title: z.string(),
  body: z.string().nullable(),
  state: z.enum(["open", "closed"]),
  user: User,
  labels: z.array(Label),
  pull_request: z.unknown().optional(),
});
export type Issue = z.infer<typeof Issue>;
const Comment = z.object({ user: User, body: z.string().nullish() });
const Repository = z.object({
  private: z.boolean(),
  has_issues: z.boolean(),
  permissions: z.object({ push: z.boolean() }).optional(),
});
const Nothing = z.unknown();

interface IssueText {
  title: string;
  body: string;
}

/** The issues of one repository, as the account of the token sees and writes them. Each call throws ExternalError `SM-GITHUB-…`. */
export interface Tracker {
  repository(): Promise<z.infer<typeof Repository>>;
  /** Who the token is. */
  login(): Promise<string>;
  /** Those of a label that this account wrote, open or not, the oldest first. */
  mine(label: string): Promise<Issue[]>;
  read(number: number): Promise<Issue>;
  create(issue: IssueText & { labels: string[]; assignees: string[] }): Promise<Issue>;
  edit(number: number, change: IssueText): Promise<void>;
  close(number: number, reason: "completed" | "not_planned"): Promise<void>;
  reopen(number: number): Promise<void>;
  addLabels(number: number, labels: string[]): Promise<void>;
  removeLabel(number: number, label: string): Promise<void>;
  /** What this account has commented. */
  myComments(number: number): Promise<string[]>;
  comment(number: number, body: string): Promise<void>;
  /** Starts the workflows that listen to such an event. */
  dispatch(event: string, payload: Record<string, unknown>): Promise<void>;
}

/** `repository` is `owner/name`; `account` is asked of GitHub where it is left out. */
export function createTracker(
  github: GitHub,
  { repository: name, account }: { repository: string; account?: string | undefined },
): Tracker {
  const [owner = "", repo = ""] = name.split("/");
  const here = { owner, repo };
  const ISSUES = "/repos/{owner}/{repo}/issues";
  const ONE = `${ISSUES}/{issue_number}`;
  let asked: string | undefined = account;

  async function login(): Promise<string> {
    asked ??= (await github.get("GET /user", {}, z.object({ login: z.string() }))).login;
    return asked;
  }

  async function patch(issue_number: number, change: Record<string, unknown>): Promise<void> {
    await github.write(`PATCH ${ONE}`, { ...here, issue_number, ...change }, Nothing);
  }

  return {
    login,
    repository: () => github.get("GET /repos/{owner}/{repo}", here, Repository),
    mine: async (label) => {
      const creator = await login();
      const query = { ...here, labels: label, creator, state: "all", sort: "created", direction: "asc" };
      return (await github.list(`GET ${ISSUES}`, query, Issue))
        .filter((issue) => issue.user?.login === creator && !issue.pull_request)
        .sort((a, b) => a.number - b.number);
    },
    read: (issue_number) => github.get(`GET ${ONE}`, { ...here, issue_number }, Issue),
    create: (issue) => github.write(`POST ${ISSUES}`, { ...here, ...issue }, Issue),
    edit: (number, { title, body }) => patch(number, { title, body }),
    close: (number, state_reason) => patch(number, { state: "closed", state_reason }),
    reopen: (number) => patch(number, { state: "open", state_reason: "reopened" }),
    addLabels: async (issue_number, labels) => {
      await github.write(`POST ${ONE}/labels`, { ...here, issue_number, labels }, Nothing);
    },
    removeLabel: async (issue_number, label) => {
      await github.write(`DELETE ${ONE}/labels/{name}`, { ...here, issue_number, name: label }, Nothing);
    },
    myComments: async (issue_number) => {
      const author = await login();
      const comments = await github.list(`GET ${ONE}/comments`, { ...here, issue_number }, Comment);
      return comments.filter(({ user }) => user?.login === author).map(({ body }) => body ?? "");
    },
    comment: async (issue_number, body) => {
      await github.write(`POST ${ONE}/comments`, { ...here, issue_number, body }, Nothing);
    },
    dispatch: async (event_type, client_payload) => {
      await github.write("POST /repos/{owner}/{repo}/dispatches", { ...here, event_type, client_payload }, Nothing);
    },
  };
}
