import { readdir, readFile, readlink } from "node:fs/promises";
import { join, sep } from "node:path";
import { endProcesses, type ProcessIdentity, startedAt } from "../exec/process.ts";
import { MARK as UNIT_MARK } from "../platforms/local/units.ts";
import type { Place } from "./place.ts";

interface Marked extends ProcessIdentity {
  unit: string;
  cwd: string;
}

/**
 * Ends the processes of this state directory's units that live, found by the mark in their environment, also when the store
 * cannot say which there are. False where processes cannot be looked at (no /proc).
 */
export async function endLeftovers({ stateDir }: Place, graceMs: number): Promise<boolean> {
  if (process.platform !== "linux") return false;
  const known = await startedUnits(stateDir);
  const marked = await markedProcesses();
  const own = marked.filter(({ unit, cwd }) => known.has(unit) || cwd.startsWith(`${stateDir}${sep}`));
  if (own.length > 0) await endProcesses(own, graceMs);
  return true;
}

/** Every unit has a log named after it; a quiet one's may have been removed by its age, so the folder it runs in counts too. */
async function startedUnits(stateDir: string): Promise<Set<string>> {
  const names = await readdir(join(stateDir, "logs"), { recursive: true }).catch(() => []);
  return new Set(names.flatMap((name) => /([^/]+)\.log(\.\d+)?$/.exec(name)?.[1] ?? []));
}

async function markedProcesses(): Promise<Marked[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(readMark));
  return found.filter((item) => item !== undefined);
}

/** Undefined for processes without the mark, of others, or gone meanwhile. */
async function readMark(pid: string): Promise<Marked | undefined> {
  try {
    const variables = (await readFile(`/proc/${pid}/environ`, "utf8")).split("\0");
    const unit = variables.find((item) => item.startsWith(`${UNIT_MARK}=`))?.slice(UNIT_MARK.length + 1);
    const started = unit && (await startedAt(Number(pid)));
    if (!started) return undefined;
    return { unit, started, pid: Number(pid), cwd: await readlink(`/proc/${pid}/cwd`) };
  } catch {
    return undefined;
  }
}
