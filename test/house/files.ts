import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The repository's folder. */
export const ROOT = join(import.meta.dirname, "../..");

/** Files that are, or are about to be, under version control, relative to the repository; `pattern` is matched on that path. */
export function repositoryFiles(pattern = /./): string[] {
  const argv = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", argv, { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 26 }).split("\0");
  return listed.filter((path) => path !== "" && pattern.test(path) && existsSync(join(ROOT, path))).sort();
}

/** The text of a file of the repository. */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}
