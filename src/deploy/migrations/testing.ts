import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { systemClock } from "../../core/clock.ts";
import { run } from "../../exec/run.ts";
import { insertRollout } from "../../store/rollouts.ts";
import { createTestDatabase, openTestStore, type TestStore } from "../../store/testing.ts";
import type { Guard } from "./migrate.ts";
import { LIMITS, type MigrateSettings, type Once } from "./types.ts";
import type { MigrationWork } from "./work.ts";

const ONCE_MS = 120_000;
const SECRET = "hunter2-canary";

/** A release's folder, an application's database and a store, for the tests of migrations. */
export interface MigrationLab {
  folder: string;
  url: string;
  store: TestStore;
  /** Files by path; those that are there stay. */
  write(files: Record<string, string>): Promise<void>;
  work(settings: MigrateSettings, change?: Partial<MigrationWork>): MigrationWork;
  query<T extends pg.QueryResultRow>(sql: string, parameters?: unknown[]): Promise<T[]>;
  /** A session called `holder` in the middle of a transaction that reads the table. */
  hold(table: string): Promise<pg.Client>;
  close(): Promise<void>;
}

export async function openMigrationLab(address?: (url: string) => string): Promise<MigrationLab> {
  const folder = await mkdtemp(join(tmpdir(), "stationmaster-migrations-"));
  const store = await openTestStore();
  const database = await createTestDatabase();
  const url = address?.(database.url) ?? database.url;
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on("error", () => {});
  await insertRollout(store.db, rolloutRow);
  return {
    folder,
    url,
    store,
    write: async (files) => {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text, { mode: 0o755 });
      }
    },
    work: (settings, change = {}) => ({
      ...{ app: "shop", env: "test", service: "api", release: "r1", rolloutId: rolloutRow.id, settings },
      environment: { DATABASE_URL: url, API_TOKEN: SECRET },
      address: url,
      reachable: url,
      db: store.db,
      once: localOnce(folder),
      clock: systemClock,
      limits: LIMITS,
      signal: AbortSignal.timeout(ONCE_MS),
      redact: (text) => text.replaceAll(SECRET, "•••"),
      ...change,
    }),
    query: async (sql, parameters) => (await pool.query(sql, parameters)).rows,
    hold: async (table) => {
      const holder = new pg.Client({ connectionString: url, application_name: "holder" });
      // It ends with its database where a test failed.
      holder.on("error", () => {});
      await holder.connect();
      await holder.query(`begin; lock table ${table} in access share mode`);
      return holder;
    },
    close: async () => {
      await pool.end();
      await database.drop();
      await store.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Nobody is served, and nothing is declared. */
export const FIRST: Guard = {
  running: undefined,
  wanted: { name: "r1", range: undefined },
  allowUnsafe: false,
};
/** A release serves. */
export const NEXT: Guard = { ...FIRST, running: { name: "r0", range: undefined } };

/** Runs argv as a process in the folder, as `local` does. */
export function localOnce(folder: string): Once {
  return async ({ argv, environment, signal }) => {
    const env = { PATH: process.env.PATH ?? "", HOME: folder, ...environment };
    const { code, stdout, stderr } = await run(argv, { cwd: folder, env, signal, deadlineMs: ONCE_MS });
    return { code, output: stdout + stderr };
  };
}

/** Alembic and the Python that has Django, from STATIONMASTER_TEST_VENV or PATH. */
export function venvPrograms(): { alembic: string; python: string } | undefined {
  const venv = process.env.STATIONMASTER_TEST_VENV;
  const [alembic, python] = ["alembic", "python3"].map((name) => (venv ? join(venv, "bin", name) : name)) as [
    string,
    string,
  ];
  return answers([alembic, "--version"]) && answers([python, "-c", "import django, psycopg"])
    ? { alembic, python }
    : undefined;
}

/** Whether a program is there and does that without complaint. */
export function answers([program = "", ...args]: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore", timeout: ONCE_MS });
    return true;
  } catch {
    return false;
  }
}

/** A rollout that there is. */
export const rolloutRow = {
  id: "ro-1",
  app: "shop",
  env: "test",
  release: "r1",
  kind: "deploy" as const,
  strategy: "blue-green" as const,
  plan: {} as never,
  planHash: "",
  state: "EXPANDED" as const,
  generation: 1,
  actor: "test",
};
