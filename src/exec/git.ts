import { run } from "./run.ts";

const DEADLINE_MS = 5_000;

/** The commit checked out at `folder`, with `-dirty` behind it when files differ; undefined outside a repository. */
export async function currentCommit(folder: string): Promise<string | undefined> {
  try {
    const head = await run(["git", "-C", folder, "rev-parse", "--short=12", "HEAD"], { deadlineMs: DEADLINE_MS });
    if (head.code !== 0) return undefined;
    const changes = await run(["git", "-C", folder, "status", "--porcelain", "--untracked-files=no", "--", "."], {
      deadlineMs: DEADLINE_MS,
    });
    return `${head.stdout.trim()}${changes.code === 0 && changes.stdout.trim() ? "-dirty" : ""}`;
  } catch {
    return undefined;
  }
}
