import { readdirSync, readFileSync } from "node:fs";

/** A living process as /proc shows it. */
export interface Seen {
  pid: number;
  command: string;
}

/** Processes (Linux) that name `folder` in their command line or environment: all that a lab and its commands started. */
export function processesOf(folder: string): Seen[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const command = readProc(name, "cmdline").replaceAll("\0", " ").trim();
      const named = command.includes(folder) || readProc(name, "environ").includes(folder);
      return named && !isZombie(name) ? [{ pid: Number(name), command }] : [];
    });
}

/** Ends what is left of a lab, each by its pid. */
export function killAll(folder: string): void {
  for (const { pid } of processesOf(folder)) kill(pid, "SIGKILL");
}

/** Signals a process; false when it is gone. */
export function kill(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

function isZombie(pid: string): boolean {
  return /^State:\s*[ZX]/m.test(readProc(pid, "status"));
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
