import { readFileSync } from "node:fs";

/** The kernel counts CPU time in hundredths of a second. */
const TICK_MS = 10;

/** User and system time of processes so far, together, ms (Linux). One that is gone counts nothing. */
export function cpuMsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ofOne(pid), 0);
}

function ofOne(pid: number): number {
  try {
    const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
    const fields = rest.split(" ");
    return TICK_MS * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return 0;
  }
}
