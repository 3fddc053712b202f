import { ExternalError } from "../../core/errors.ts";
import { type RunResult, run } from "../../exec/run.ts";
import { fullRef, refName } from "./names.ts";

const DEADLINE_MS = 60_000;
/** Output of a program is cut there. */
const MOST_BYTES = 10_000_000;

/** What a preview is made of. */
export interface Source {
  /** As git has it: `refs/heads/login`, `refs/pull/7/head`. */
  ref: string;
  commit: string;
  /** Whether people who may not write to the repository can change it. */
  fork: boolean;
}

export interface Remote {
  /** Commit by ref, of branches and pull requests. */
  refs: ReadonlyMap<string, string>;
  /** Those that have a preview without anybody asking for it. */
  wanted: readonly (Source & { env: string })[];
}

/** The refs of a repository, and its default branch if it says which that is. */
export interface Refs {
  refs: ReadonlyMap<string, string>;
  head: string | undefined;
}

/**
 * Asks a repository for its branches and pull requests, without a copy of it. ExternalError `SM-PREVIEW-REMOTE` when it does
 * not answer within a minute or refuses us; nobody is asked for a password.
 */
export async function listRemote(url: string, signal?: AbortSignal): Promise<Refs> {
  const argv = ["git", "ls-remote", "--symref", "--", url, "HEAD", "refs/heads/*", "refs/pull/*"];
  // Programs that ask for passwords are told that nobody is there; SSH asks by the second pair also where there is a terminal.
  const silent = { GIT_TERMINAL_PROMPT: "0", GIT_ASKPASS: "false", SSH_ASKPASS: "false", SSH_ASKPASS_REQUIRE: "force" };
  const env = { ...definedOnly(process.env), ...silent, LC_ALL: "C" };
  const answer = await run(argv, { deadlineMs: DEADLINE_MS, env, signal }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw unreachable(url, cause instanceof Error ? cause.message : String(cause), cause);
  });
  if (answer.code !== 0) throw unreachable(url, reason(answer));
  // What is missing at the end would look like branches that are gone.
  if (answer.stdout.length >= MOST_BYTES) throw unreachable(url, "it has more branches and pull requests than fit");
  return parseRefs(answer.stdout);
}

/** Reads what `git ls-remote --symref` prints. */
function parseRefs(text: string): Refs {
  const refs = new Map<string, string>();
  let head: string | undefined;
  for (const line of text.split("\n")) {
    const [value = "", ref = ""] = line.split("\t");
    if (ref === "HEAD" && value.startsWith("ref: ")) head = value.slice("ref: ".length);
    else if (ref !== "HEAD" && /^[0-9a-f]{40,64}$/.test(value)) refs.set(ref, value);
  }
  return { refs, head };
}

/** Which refs want a preview. `kept`: branches that other environments are for; `known`: the names that are taken. */
export function wantedRefs(
  { refs, head }: Refs,
  { per, kept, known }: { per: "pull-request" | "branch"; kept: readonly string[]; known: readonly NamedRef[] },
): Remote["wanted"] {
  const apart = [head, ...kept.map(fullRef)];
  const heads = [...refs].filter(([ref]) => ref.startsWith("refs/heads/") && !apart.includes(ref));
  const named: NamedRef[] = [...known];
  const name = (ref: string) => {
    const env = refName(ref, named);
    named.push({ env, ref });
    return env;
  };
  if (per === "branch") return heads.map(([ref, commit]) => ({ env: name(ref), ref, commit, fork: false }));
  const pulls = [...refs].filter(([ref]) => isOpenPull(ref, refs)).map(([ref, commit]) => ({ ref, commit }));
  return pulls
    .sort((a, b) => numberOf(b.ref) - numberOf(a.ref))
    .map(({ ref, commit }) => {
      const [own] = heads.find(([, head]) => head === commit) ?? [];
      return { env: refName(ref, []), ref: own ?? ref, commit, fork: own === undefined };
    });
}

interface NamedRef {
  env: string;
  ref: string;
}

/** A pull request that is open has a trial merge next to its head, as long as it has no conflict. */
function isOpenPull(ref: string, refs: ReadonlyMap<string, string>): boolean {
  return /^refs\/pull\/\d+\/head$/.test(ref) && refs.has(ref.replace(/head$/, "merge"));
}

function numberOf(ref: string): number {
  return Number(ref.split("/")[2]);
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function reason({ stderr, code }: RunResult): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return (
    lines.find((line) => /^(?:fatal|error|remote|ssh):/i.test(line)) ?? lines.at(-1) ?? `git ended with code ${code}`
  );
}

function unreachable(url: string, why: string, cause?: unknown): ExternalError {
  return new ExternalError({
    code: "SM-PREVIEW-REMOTE",
    message: `${url}: its branches could not be listed: ${why.replace(/:\/\/[^/@\s]+@/g, "://•••@").slice(0, 300)}`,
    next: "try git ls-remote with this address as the account of the daemon",
    retryable: true,
    cause,
  });
}
