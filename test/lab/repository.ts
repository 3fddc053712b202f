import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../src/exec/run.ts";

/** Runs git in a folder as somebody, with `main` as the first branch; answers what it printed. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const who = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main"];
  const { code, stdout, stderr } = await run(["git", "-C", folder, ...who, ...args], { deadlineMs: 30_000 });
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** A new commit on a branch, begun at `main` where it is new, that changes one file; answers its id. Leaves `main` checked out. */
export async function push(folder: string, branch: string, file: string, text: string): Promise<string> {
  if (branch !== "main") await git(folder, "checkout", "-q", "-B", branch);
  writeFileSync(join(folder, file), text);
  await git(folder, "add", ".");
  await git(folder, "commit", "-qm", branch);
  const commit = await git(folder, "rev-parse", "HEAD");
  if (branch !== "main") await git(folder, "checkout", "-q", "main");
  return commit;
}
