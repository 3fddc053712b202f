import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killAll, processesOf } from "../../test/lab/processes.ts";
import { until } from "../../test/lab/until.ts";

/** A new folder. The database server of a root user runs as another account, which has to pass through. */
export function scratch(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o755);
  return folder;
}

/** Removes a folder and what still runs from it. */
export async function clear(folder: string): Promise<void> {
  await until("the last process", () => processesOf(folder).length === 0).catch(() => killAll(folder));
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** The process whose command line names `folder`, or had it in its environment, and has all `parts`. */
export function pidOf(folder: string, ...parts: string[]): number {
  const found = processesOf(folder).find(({ command }) => parts.every((part) => command.includes(part)));
  if (!found) throw new Error(`no process ${parts.join(" ")}`);
  return found.pid;
}
