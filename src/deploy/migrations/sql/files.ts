import { createHash } from "node:crypto";
import { UserError } from "../../../core/errors.ts";
import type { Answer, MigrateSettings, MigrationKind } from "../types.ts";

/** A migration that is a file of SQL. */
export interface SqlFile {
  /** Its name without `.sql`. */
  id: string;
  path: string;
  sql: string;
  kind: MigrationKind;
  /** The whole file is one transaction. */
  transaction: boolean;
  checksum: string;
}

/** Every line of every file with the file's name: one call that any image with a shell can answer. */
export function readFolder({ path = "migrations" }: MigrateSettings): readonly string[] {
  return ["grep", "-r", "", folder(path)];
}

/** How many lines each file has, so that one sees whether all of them came. */
export function countLines({ path = "migrations" }: MigrateSettings): readonly string[] {
  return ["grep", "-r", "-c", "", folder(path)];
}

/** The lines of these files, each with its name also where there is one file. */
export function readFiles(paths: readonly string[]): readonly string[] {
  return ["grep", "", ...paths, "/dev/null"];
}

/** The texts of the `.sql` files in what `readFolder` or `readFiles` answered, by path. */
export function textsIn({ output }: Answer): Map<string, string> {
  const texts = new Map<string, string[]>();
  for (const line of output.split("\n")) {
    const [, path, text] = /^(.+?\.sql):(.*)$/.exec(line) ?? [];
    if (path === undefined || text === undefined) continue;
    const lines = texts.get(path) ?? [];
    lines.push(text.replace(/\r$/, ""));
    texts.set(path, lines);
  }
  return new Map([...texts].map(([path, lines]) => [path, `${lines.join("\n")}\n`]));
}

/** The migrations of a folder in their order: by name, numbers by their value. */
export function sqlFiles(settings: MigrateSettings, { counts, lines }: { counts: Answer; lines: Answer }): SqlFile[] {
  const root = folder(settings.path ?? "migrations");
  const texts = textsIn(lines);
  const files = [...counts.output.matchAll(/^(.+\.sql):(\d+)$/gm)].flatMap(([, path = "", count]) => {
    const name = path.slice(root.length + 1);
    if (!path.startsWith(`${root}/`) || name.includes("/") || name.endsWith(".down.sql")) return [];
    const sql = texts.get(path) ?? "";
    if (sql.split("\n").length - 1 !== Number(count)) throw unread(`${path} did not come whole`);
    return [sqlFile(path, name.replace(/\.sql$/, ""), sql)];
  });
  if (files.length === 0) throw unread(`there are no files ${root}/*.sql in the release`, lines.output);
  return files.sort((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
}

function unread(what: string, said = ""): UserError {
  const last = said.trim().split("\n").at(-1);
  return new UserError({
    code: "SM-MIGRATION-FILES",
    message: `migrations: ${what}${last ? ` (${last})` : ""}`,
    next: "correct `migrate.path`; the image needs the files, and `grep` to read them",
  });
}

/** Reads what the comments at the top of a file and its name say of it. */
export function sqlFile(path: string, id: string, sql: string): SqlFile {
  const lines = sql.split("\n").map((line) => line.trim());
  const code = lines.findIndex((line) => line !== "" && !line.startsWith("--"));
  const head = lines.slice(0, code < 0 ? lines.length : code);
  const said = head.map((line) => /^--\s*stationmaster:\s*(expand|contract|backfill)\b/.exec(line)?.[1]).find(Boolean);
  const named = /\.(contract|backfill)$/.exec(id)?.[1];
  const kind = ((said ?? named) as MigrationKind | undefined) ?? "expand";
  return {
    id,
    path,
    sql,
    kind,
    transaction: kind !== "backfill" && !head.some((line) => /^--\s*no-transaction\b/.test(line)),
    checksum: createHash("sha256").update(sql).digest("hex"),
  };
}

function folder(path: string): string {
  return path.replace(/\/+$/, "");
}
