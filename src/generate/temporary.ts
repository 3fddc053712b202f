import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { systemCode } from "../core/errors.ts";

/** What a run that was killed leaves: the process is in the name, so that nobody takes away what another one writes just now. */
const TEMPORARY = /^\.stationmaster-(\d+)\.tmp$/;

/** Where the next bytes of a file are written before they take its name: in the same folder, since a name is moved within a disk only. */
export function temporaryFor(target: string): string {
  return join(dirname(target), `.stationmaster-${process.pid}.tmp`);
}

/** Removes what runs that are no more left in a folder. */
export function tidyTemporaries(folder: string): void {
  for (const name of namesIn(folder)) {
    const pid = Number(TEMPORARY.exec(name)?.[1] ?? process.pid);
    if (pid !== process.pid && !isThere(pid)) rmSync(join(folder, name), { force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== "ESRCH";
  }
}
