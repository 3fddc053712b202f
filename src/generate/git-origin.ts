import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export interface GitOrigin {
  /** owner/name, where the origin is on GitHub. */
  repository?: string;
  /** The branch that others start from. */
  branch?: string;
  /** The pipelines of where the origin is, where its name tells. */
  ci?: "github-actions" | "gitlab";
}

const ON_GITHUB =
  /^(?:https:\/\/(?:[^@/\s]+@)?github\.com\/|(?:ssh:\/\/)?git@github\.com[:/])([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/;
const HOST = /^(?:(?:https?|ssh):\/\/)?(?:[^@/\s]+@)?([\w.-]+)[:/]/;
const USUAL = ["main", "master", "trunk"];

/** Where git says that a folder comes from. Only git's own files are read: nothing is run, and nobody is asked. */
export function gitOrigin(folder: string): GitOrigin {
  const git = gitFolder(resolve(folder));
  if (git === undefined) return {};
  const url = originUrl(textOf(join(git, "config"))) ?? "";
  const repository = ON_GITHUB.exec(url)?.[1];
  const branch = branchOf(git);
  const ci = repository ? "github-actions" : isOnGitLab(url) ? "gitlab" : undefined;
  return { ...(repository ? { repository } : {}), ...(branch ? { branch } : {}), ...(ci ? { ci } : {}) };
}

/** gitlab.com, or a server of one's own that is called so: `gitlab.example.com`. */
function isOnGitLab(url: string): boolean {
  const labels = HOST.exec(url)?.[1]?.toLowerCase().split(".") ?? [];
  return labels.length > 1 && labels.includes("gitlab");
}

/** The folder with the history: of a second working tree that of the first. */
function gitFolder(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = join(at, ".git");
    const kind = statSync(found, { throwIfNoEntry: false });
    if (kind?.isDirectory()) return found;
    if (kind?.isFile()) {
      const own = resolve(at, /^gitdir: (.+)$/m.exec(textOf(found))?.[1] ?? ".git");
      const common = textOf(join(own, "commondir")).trim();
      return common === "" ? own : resolve(own, common);
    }
    if (dirname(at) === at) return undefined;
  }
}

function originUrl(config: string): string | undefined {
  const section = /^\s*\[remote "origin"\]([^[]*)/m.exec(config)?.[1];
  return /^\s*url\s*=\s*(\S+)\s*$/m.exec(section ?? "")?.[1];
}

/** What the origin calls its branch, as far as the clone knows; else the usual one that is there. */
function branchOf(git: string): string | undefined {
  const told = /^ref: refs\/remotes\/origin\/(\S+)/.exec(textOf(join(git, "refs/remotes/origin/HEAD")))?.[1];
  if (told !== undefined) return told;
  const current = /^ref: refs\/heads\/(\S+)/.exec(textOf(join(git, "HEAD")))?.[1];
  const packed = textOf(join(git, "packed-refs"));
  return USUAL.find(
    (name) =>
      name === current ||
      statSync(join(git, "refs/heads", name), { throwIfNoEntry: false })?.isFile() ||
      packed.includes(` refs/heads/${name}\n`),
  );
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
