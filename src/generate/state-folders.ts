import { folderOf } from "../formats/tree.ts";

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

/** What people are told of a database that no volume can keep. */
export function lostDatabase(service: string, file: string): string {
  return `${service} keeps ${file} beside its code, so it is lost at each release: give it a folder of its own`;
}
