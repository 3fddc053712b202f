import { type GitHubConfig, gitHubRepository } from "../config/github.ts";
import type { DoctorReport } from "../contract/status.ts";
import { toKnownError } from "../core/errors.ts";
import { Secret } from "../core/redact.ts";
import { createGitHub } from "../github/client.ts";
import { createTracker, type Tracker } from "../github/tracker.ts";
import type { Engine } from "./engine.ts";

type Finding = DoctorReport["checks"][number];

const LOOK_MS = 15_000;

/** What it takes to reach the manifest's repository on GitHub. */
export interface GitHubAccess {
  /** `owner/name` */
  repository: string;
  settings: GitHubConfig;
  token: string;
}

/** Undefined where the manifest has no `github`. Throws UserError `SM-SECRET-MISSING`. */
export async function gitHubAccess(engine: Engine): Promise<GitHubAccess | undefined> {
  const { github: settings } = engine.manifest;
  const repository = gitHubRepository(engine.manifest);
  if (!settings || !repository) return undefined;
  const token = await engine.resolve(settings.token, "github.token");
  engine.redact.learn(token);
  return { repository, settings, token };
}

export async function openTracker(
  { repository, settings: { api, login: account }, token }: GitHubAccess,
  signal: AbortSignal,
): Promise<Tracker> {
  const github = await createGitHub({ api, token: new Secret("github.token", token), signal });
  return createTracker(github, { repository, account });
}

/** Whether the token works, and may do what the manifest wants of it. */
export async function gitHubFindings(engine: Engine): Promise<Finding[]> {
  if (!engine.manifest.github) return [];
  try {
    const access = await gitHubAccess(engine);
    return access ? [await look(access)] : [];
  } catch (error) {
    const { message, next = null } = toKnownError(error);
    return [{ name: "github", state: "failed", detail: message, next }];
  }
}

async function look(access: GitHubAccess): Promise<Finding> {
  const tracker = await openTracker(access, AbortSignal.timeout(LOOK_MS));
  const { private: isPrivate, has_issues, permissions } = await tracker.repository();
  const { repository, settings } = access;
  const detail = `${repository} (${isPrivate ? "private" : "public"}) as ${await tracker.login()}`;
  if (!settings.issues) return { name: "github", state: "ok", detail, next: null };
  const problem = has_issues
    ? permissions?.push === false && "the token may not write: labels of issues are lost, and so is finding them again"
    : "issues are switched off there";
  if (!problem) return { name: "github", state: "ok", detail: `${detail}, incidents become issues`, next: null };
  return { name: "github", state: "warning", detail: `${detail}: ${problem}`, next: "see docs/guide/github-issues.md" };
}
