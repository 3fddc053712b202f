import { folderOf } from "../formats/tree.ts";
import type { Plan, PlannedService } from "./plan.ts";

const DATABASE_FILE = /\.(?:db|db3|sqlite|sqlite3|duckdb)$/i;

/**
 * Folders inside the service that outlive a release. Of a database that is a file the folder around it: a volume in the place
 * of a file would be a folder. What is kept in memory, or elsewhere on the machine, is none; `loses` hears of a database beside the code.
 */
export function stateFolders(paths: readonly string[], loses: (file: string) => void): string[] {
  const folders = paths.flatMap((path) => {
    if (path === "" || path === "memory" || path.startsWith("/") || path.startsWith("..")) return [];
    if (!DATABASE_FILE.test(path)) return [path];
    const folder = folderOf(path);
    if (folder !== "." && folder !== "") return [folder];
    loses(path);
    return [];
  });
  return [...new Set(folders)].filter((path) => !folders.some((other) => path.startsWith(`${other}/`))).sort();
}

/** The folders whose place in the image is known; `say` hears of those of an image of one's own that tells no folder. */
export function placedFolders(
  folders: readonly string[],
  { path, own }: PlannedService["dockerfile"],
  say: (text: string) => void,
): string[] {
  const all = [...new Set(folders)].sort();
  const lost = own && own.home === null ? all.filter((folder) => !folder.startsWith("/")) : [];
  if (lost.length > 0)
    say(
      `${path} names no WORKDIR, so nobody knows where its image has ${lost.join(", ")}: no volume is mounted there until it does`,
    );
  return all.filter((folder) => !lost.includes(folder));
}

const DATABASES: ReadonlySet<string> = new Set(["postgres", "mysql", "mariadb", "mongodb"]);

/** Whether its database may be a file among what it keeps: then migrations need those files. */
export function mayKeepDatabase({ state, stores }: PlannedService, plan: Pick<Plan, "stores">): boolean {
  return state.length > 0 && !plan.stores.some(({ name, kind }) => DATABASES.has(kind) && stores.includes(name));
}

/** What people are told of a database that no volume can keep. */
export function lostDatabase(service: string, file: string): string {
  return `${service} keeps ${file} beside its code, so it is lost at each release: give it a folder of its own`;
}
