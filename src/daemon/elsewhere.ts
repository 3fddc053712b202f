import { createHash } from "node:crypto";
import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runningDaemon } from "./lock.ts";
import { findPlace, type Place } from "./place.ts";

/**
 * Puts down, outside of the state directory, where a daemon that is not in the usual place keeps its things: commands of the same
 * manifest can say so. Answers what takes it back.
 */
export function pointTo({ configFile, stateDir }: Pick<Place, "configFile" | "stateDir">): () => void {
  if (stateDir === usualDir(configFile)) return () => {};
  const file = pointerOf(configFile);
  const draft = `${file}.${process.pid}`;
  try {
    rmSync(draft, { force: true });
    writeFileSync(draft, stateDir, { mode: 0o600, flag: "wx" });
    renameSync(draft, file);
  } catch {
    // A hint is no reason not to run.
  }
  return () => {
    if (pointed(configFile) === stateDir) rmSync(file, { force: true });
  };
}

/** The state directory of a daemon that runs for the same manifest in another place; undefined where there is none. */
export async function daemonElsewhere({ configFile, stateDir }: Place): Promise<string | undefined> {
  for (const dir of [usualDir(configFile), pointed(configFile)]) {
    if (dir === undefined || dir === stateDir) continue;
    if (await runningDaemon(findPlace({ config: configFile, state: dir }))) return dir;
  }
  return undefined;
}

function usualDir(configFile: string): string {
  return join(dirname(configFile), ".stationmaster");
}

function pointerOf(configFile: string): string {
  const hash = createHash("sha256").update(configFile).digest("hex").slice(0, 12);
  return join("/tmp", `stationmaster-${process.getuid?.() ?? 0}-${hash}.state`);
}

/** What the note says; nothing where it is not a file of our own: anybody may write there. */
function pointed(configFile: string): string | undefined {
  try {
    const file = pointerOf(configFile);
    const found = lstatSync(file);
    return found.isFile() && found.uid === (process.getuid?.() ?? 0) ? readFileSync(file, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
