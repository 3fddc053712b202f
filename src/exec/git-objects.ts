import { spawn } from "node:child_process";
import { once } from "node:events";
import { ExternalError, UserError } from "../core/errors.ts";
import { run } from "./run.ts";

/** A file of a commit. */
export interface TreeFile {
  path: string;
  /** Name of its contents. */
  object: string;
  size: number;
  kind: "file" | "link" | "submodule";
}

const DEADLINE_MS = 60_000;
/** A repository that was cloned in part must not be fetched from here, and nothing is asked of anybody. */
const QUIET = { GIT_NO_LAZY_FETCH: "1", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" };

/** The commit that a name means, in full; `UserError` SM-SCAN-COMMIT where there is none. */
export async function resolveCommit(folder: string, name: string): Promise<string> {
  const { code, stdout } = await git(folder, [
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${name}^{commit}`,
  ]);
  if (code === 0 && /^[0-9a-f]{40,64}\s*$/.test(stdout)) return stdout.trim();
  throw new UserError({
    code: "SM-SCAN-COMMIT",
    message: `${folder} has no commit ${name}`,
    next: "name a commit, a branch or a tag of the repository",
  });
}

/** The files of a commit below a folder of the checkout; paths are relative to it. */
export async function treeFiles(folder: string, commit: string): Promise<TreeFile[]> {
  const { code, stdout, stderr } = await git(folder, ["ls-tree", "-r", "-z", "-l", commit]);
  if (code !== 0) throw failed("ls-tree", stderr);
  return stdout.split("\0").flatMap((line): TreeFile[] => {
    const [, mode = "", object = "", size = "", path = ""] = /^(\d+) \w+ (\w+) +(\S+)\t([\s\S]+)$/.exec(line) ?? [];
    if (object === "") return [];
    const kind = mode === "160000" ? "submodule" : mode === "120000" ? "link" : "file";
    return [{ path, object, size: Number(size) || 0, kind }];
  });
}

/** The first `most` bytes of objects, by name; those that are not there are left out. */
export async function readObjects(
  folder: string,
  wanted: readonly { object: string; most: number }[],
): Promise<Map<string, Uint8Array>> {
  const most = new Map(wanted.map((one) => [one.object, one.most]));
  const found = new Map<string, Uint8Array>();
  const child = spawn("git", ["-C", folder, "cat-file", "--batch"], {
    env: { ...process.env, ...QUIET },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
  const ended = once(child, "close");
  child.stdin.on("error", () => {});
  child.stdin.end([...most.keys()].map((object) => `${object}\n`).join(""));
  try {
    const take = batchReader(
      (object, bytes) => void found.set(object, bytes),
      (object) => most.get(object) ?? 0,
    );
    for await (const chunk of child.stdout) take(chunk as Buffer);
    await ended;
  } catch (cause) {
    throw failed("cat-file", cause instanceof Error ? cause.message : "");
  } finally {
    clearTimeout(timer);
  }
  if (child.exitCode !== 0) throw failed("cat-file", "");
  return found;
}

/** Reads `<object> <type> <size>\n<contents>\n` as it comes in pieces; of large contents only the head is kept. */
function batchReader(
  done: (object: string, bytes: Uint8Array) => void,
  mostOf: (object: string) => number,
): (chunk: Buffer) => void {
  let head = "";
  let body: { object: string; left: number; room: number; parts: Buffer[] } | undefined;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (!body) {
        const end = chunk.indexOf(10, at);
        head += chunk.toString("latin1", at, end === -1 ? chunk.length : end);
        if (end === -1) return;
        at = end + 1;
        const [, object = "", size = ""] = /^(\w+) \w+ (\d+)$/.exec(head) ?? [];
        head = "";
        // The line end behind the contents is a part of what is left.
        if (object !== "")
          body = { object, left: Number(size) + 1, room: Math.min(Number(size), mostOf(object)), parts: [] };
        continue;
      }
      const piece = chunk.subarray(at, at + Math.min(body.left, chunk.length - at));
      if (body.room > 0) body.parts.push(piece.subarray(0, body.room));
      body.room -= Math.min(body.room, piece.length);
      body.left -= piece.length;
      at += piece.length;
      if (body.left > 0) continue;
      done(body.object, Buffer.concat(body.parts));
      body = undefined;
    }
  };
}

async function git(folder: string, args: readonly string[]) {
  const env = { ...(process.env as Record<string, string>), ...QUIET };
  return await run(["git", "-C", folder, ...args], { deadlineMs: DEADLINE_MS, env });
}

function failed(what: string, why: string): ExternalError {
  const reason = why.trim().split("\n")[0];
  return new ExternalError({
    code: "SM-SCAN-GIT",
    message: `git ${what} failed${reason ? `: ${reason}` : ""}`,
    next: "scan the folder without --commit",
  });
}
