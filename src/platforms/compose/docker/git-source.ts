import { createHash, randomBytes } from "node:crypto";
import { posix } from "node:path";
import { ExternalError, UserError } from "../../../core/errors.ts";
import { clip, printable } from "../../../core/text.ts";
import type { Host } from "../../../exec/host.ts";

/** A repository that is cloned to a host. */
export interface GitSource {
  /** Address that git on the host can fetch without asking. */
  repository: string;
  /** Folder on the host for clones and sources. */
  cacheFolder: string;
}

const FETCH_MS = 10 * 60_000;
const QUICK_MS = 60_000;
const GIT = ["git", "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "advice.detachedHead=false"];

/**
 * Fetches a repository to the host and answers the commit (40 hex digits) that `ref` means there now: a branch, a tag, the
 * newest tag by version of a pattern such as `v*`, or a whole ref such as `refs/pull/7/head`.
 */
export async function fetchCommit(
  host: Host,
  { repository, cacheFolder, ref, signal }: GitSource & { ref: string; signal?: AbortSignal | undefined },
): Promise<string> {
  const clone = cloneOf(cacheFolder, repository);
  const run = runner(host, signal);
  await run([...GIT, "init", "--bare", "--quiet", clone], `make ${clone}`);
  const git = [...GIT, "--git-dir", clone];
  const whole = ref.startsWith("refs/");
  const refs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*", ...(whole ? [`+${ref}:${ref}`] : [])];
  await run(
    [...git, "fetch", "--prune", "--force", "--quiet", "--", repository, ...refs],
    `fetch ${repository}`,
    FETCH_MS,
  );
  const newest = ["for-each-ref", "--sort=-version:refname", "--count=1", "--format=%(refname)", `refs/tags/${ref}`];
  const names = ref.includes("*")
    ? (await run([...git, ...newest], `find ${ref}`)).split("\n").filter(Boolean)
    : whole
      ? [ref]
      : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  for (const name of names) {
    const found = await host.run(
      [...git, "rev-parse", "--verify", "--quiet", `${name}^{commit}`],
      options(QUICK_MS, signal),
    );
    if (found.code === 0) return found.stdout.trim();
  }
  throw new UserError({
    code: "SM-GIT-REF",
    message: `${host.name}: find ${ref}: ${repository} has no such branch or tag`,
    next: "correct `branch` or `tag` of the environment, or push it",
  });
}

/** Puts the files of a fetched commit into a folder on the host for as long as `use` takes; without submodules. */
export async function withSources<T>(
  host: Host,
  { repository, cacheFolder, commit, signal }: GitSource & { commit: string; signal?: AbortSignal | undefined },
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const run = runner(host, signal);
  const work = posix.join(cacheFolder, `work-${randomBytes(6).toString("hex")}`);
  const [folder, archive] = [posix.join(work, "source"), posix.join(work, "source.tar")];
  const git = [...GIT, "--git-dir", cloneOf(cacheFolder, repository)];
  try {
    await run(["mkdir", "-p", folder], `make ${folder}`);
    await run(
      [...git, "archive", "--format=tar", `--output=${archive}`, commit],
      `read ${commit.slice(0, 12)}`,
      FETCH_MS,
    );
    await run(["tar", "-xf", archive, "-C", folder], "unpack the sources", FETCH_MS);
    return await use(folder);
  } finally {
    await host.run(["rm", "-rf", work], { deadlineMs: QUICK_MS }).catch(() => {});
  }
}

/** A file of a fetched commit; empty where there is none. */
export async function readCommitted(
  host: Host,
  { repository, cacheFolder, commit, path, signal }: GitSource & { commit: string; path: string; signal?: AbortSignal },
): Promise<string> {
  const argv = [...GIT, "--git-dir", cloneOf(cacheFolder, repository), "show", `${commit}:${path}`];
  const { code, stdout } = await host.run(argv, options(QUICK_MS, signal));
  return code === 0 ? stdout : "";
}

function runner(host: Host, signal: AbortSignal | undefined) {
  return async (argv: string[], step: string, deadlineMs = QUICK_MS): Promise<string> => {
    const { code, stdout, stderr } = await host.run(argv, options(deadlineMs, signal));
    if (code === 0) return stdout;
    const missing = code === 127;
    throw new ExternalError({
      code: missing ? "SM-GIT-MISSING" : "SM-GIT-FAILED",
      message: `${host.name}: ${step}: ${missing ? `${argv[0]} is not installed there` : said(stderr)}`,
      next: missing ? `install it on ${host.name}` : `check that git on ${host.name} can fetch it without a password`,
      retryable: !missing,
    });
  };
}

function options(deadlineMs: number, signal: AbortSignal | undefined) {
  return { deadlineMs, signal };
}

function said(stderr: string): string {
  return clip(printable(stderr).trim().split("\n").slice(-3).join(" "), 300);
}

/** One clone for each address. */
function cloneOf(cacheFolder: string, repository: string): string {
  const name = repository
    .replace(/\.git\/?$/, "")
    .split(/[/:]/)
    .at(-1)
    ?.replace(/[^\w.-]/g, "_");
  const hash = createHash("sha256").update(repository).digest("hex").slice(0, 12);
  return posix.join(cacheFolder, `${name}-${hash}.git`);
}
