import { globSync } from "node:fs";
import type pg from "pg";
import { run } from "../../../exec/run.ts";

const VERSION_MS = 10_000;
const DUMP_MS = 120_000;
const INSTALLED = "/usr/lib/postgresql/*/bin/pg_dump";

/** A pg_dump that can read this server: one of its version or newer; undefined where this machine has none. */
export async function findDump(serverMajor: number): Promise<string | undefined> {
  const places = [...globSync(INSTALLED).sort((a, b) => b.localeCompare(a, "en", { numeric: true })), "pg_dump"];
  for (const place of places) {
    const answer = await run([place, "--version"], { deadlineMs: VERSION_MS }).catch(() => undefined);
    const major = Number(/\(PostgreSQL\) (\d+)/.exec(answer?.stdout ?? "")?.[1] ?? 0);
    if (major >= serverMajor) return place;
  }
  return undefined;
}

/** The schema of a database as statements, without owners and rights, which other roles may not have. Rejects with pg_dump's own words. */
export async function dumpSchema(program: string, address: string, signal: AbortSignal): Promise<string> {
  const { bare, password } = withoutPassword(address);
  const argv = [
    program,
    "--schema-only",
    "--no-owner",
    "--no-privileges",
    "--no-comments",
    "--no-publications",
    "--no-subscriptions",
    "--lock-wait-timeout=3000",
    `--dbname=${bare}`,
  ];
  const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined));
  const answer = await run(argv, {
    deadlineMs: DUMP_MS,
    signal,
    env: { ...(env as Record<string, string>), ...(password ? { PGPASSWORD: password } : {}) },
  });
  if (answer.code !== 0) throw new Error(answer.stderr.trim().split("\n").at(-1) ?? "pg_dump failed");
  // Commands of psql: newer versions of pg_dump begin with \restrict.
  return answer.stdout.replace(/^\\.*$/gm, "");
}

/** What a migration tool notes about itself belongs to the schema. */
export async function copyRows(from: pg.Client, to: pg.Client, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    const exists = await from.query<{ name: string | null }>("select to_regclass($1)::text as name", [table]);
    if (!exists.rows[0]?.name) continue;
    const { rows } = await from.query<{ all: unknown }>(`select json_agg(t) as all from ${table} t`);
    if (rows[0]?.all)
      await to.query(
        `insert into ${table} overriding system value select * from json_populate_recordset(null::${table}, $1)`,
        [JSON.stringify(rows[0].all)],
      );
  }
}

function withoutPassword(address: string): { bare: string; password: string | undefined } {
  const [, head, password, tail] = /^([^:]+:\/\/[^:@/]*):([^@/]*)(@.*)$/.exec(address) ?? [];
  return password === undefined
    ? { bare: address, password: undefined }
    : { bare: `${head}${tail}`, password: decodeURIComponent(password) };
}
