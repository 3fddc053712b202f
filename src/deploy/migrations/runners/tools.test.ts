import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { migrationRuns } from "../../../store/migration-runs.ts";
import { migrate } from "../migrate.ts";
import { answers, FIRST, type MigrationLab, NEXT, openMigrationLab, venvPrograms } from "../testing.ts";
import type { MigrateSettings } from "../types.ts";
import { ALEMBIC, DJANGO, drizzleFiles, FLYWAY, RAILS } from "./testing.ts";

const UNSAFE = { ...NEXT, allowUnsafe: true };
const SHORT = { lockMs: 300, statementMs: 10_000, totalMs: 60_000 };

const venv = venvPrograms();
if (!venv) console.log("skipped: Alembic and Django: neither in STATIONMASTER_TEST_VENV nor in PATH");
const ruby = answers(["ruby", "-e", 'require "rails"; require "active_record"; require "pg"']);
if (!ruby) console.log("skipped: Rails: Ruby with rails and pg is not there");
const flyway = process.env.STATIONMASTER_TEST_FLYWAY ?? "flyway";
const hasFlyway = answers([flyway, "-v"]);
if (!hasFlyway) console.log("skipped: Flyway: neither STATIONMASTER_TEST_FLYWAY nor in PATH");
const kit = process.env.STATIONMASTER_TEST_DRIZZLE;
if (!kit) console.log("skipped: drizzle-kit: STATIONMASTER_TEST_DRIZZLE names no folder with node_modules");

vi.setConfig({ testTimeout: 180_000 });
let lab: MigrationLab;
const bridges: Server[] = [];
beforeEach(async () => {
  lab = await openMigrationLab();
});
afterEach(async () => {
  await lab.close();
  for (const bridge of bridges.splice(0)) bridge.close();
});

const columns = async () =>
  (
    await lab.query<{ name: string }>(
      "select column_name as name from information_schema.columns where table_name in ('users', 'shop_user')",
    )
  ).map(({ name }) => name);

interface Tool {
  name: string;
  there: boolean;
  settings: MigrateSettings;
  files: Record<string, string>;
  /** Where the second migration ends, as the tool's own words. */
  upTo: string[][];
  table: string;
  /** Its addresses cannot name a UNIX socket. */
  noSockets?: boolean;
  applied: { rest: string[]; contract: string[] };
  positions: number;
}

const TOOLS: Tool[] = [
  {
    name: "Alembic",
    there: venv !== undefined,
    settings: { tool: "alembic", command: [venv?.alembic ?? "", "upgrade", "heads"] },
    files: ALEMBIC,
    upTo: [[venv?.alembic ?? "", "upgrade", "a1"]],
    table: "users",
    applied: { rest: ["c2", "b2", "d3"], contract: ["e4"] },
    positions: 5,
  },
  {
    name: "Django",
    there: venv !== undefined,
    settings: { tool: "django", command: [venv?.python ?? "", "manage.py", "migrate", "--noinput"] },
    files: DJANGO,
    upTo: [[venv?.python ?? "", "manage.py", "migrate", "--noinput", "shop", "0001"]],
    table: "shop_user",
    applied: { rest: ["shop.0002_user_email"], contract: ["shop.0003_drop_name_sm_contract"] },
    positions: 3,
  },
  {
    name: "Rails",
    there: ruby,
    noSockets: true,
    settings: { tool: "rails" },
    files: RAILS,
    upTo: [["bin/rails", "db:migrate", "VERSION=20240101000000"]],
    table: "users",
    applied: { rest: ["20240102000000"], contract: ["20240103000000"] },
    positions: 3,
  },
  {
    name: "Flyway",
    there: hasFlyway,
    noSockets: true,
    settings: { tool: "flyway", command: [flyway, "-configFiles=flyway.conf", "migrate"] },
    files: FLYWAY,
    upTo: [[flyway, "-configFiles=flyway.conf", "migrate", "-target=1"]],
    table: "users",
    applied: { rest: ["2"], contract: ["10"] },
    positions: 3,
  },
];

describe.each(TOOLS)("$name", ({ there, settings, files, upTo, table, applied, positions, noSockets }) => {
  const environment = async (): Promise<Record<string, string>> => {
    if (!noSockets) return { DATABASE_URL: lab.url };
    const { port, database } = await bridge(lab.url);
    return {
      DATABASE_URL: `postgres://stationmaster@127.0.0.1:${port}/${database}`,
      FLYWAY_URL: `jdbc:postgresql://127.0.0.1:${port}/${database}`,
      FLYWAY_USER: "stationmaster",
      RAILS_ENV: "production",
    };
  };

  test.skipIf(!there)("is asked, told where to stop, waits for locks, and is asked again", async () => {
    await lab.write(files);
    const variables = await environment();
    const work = (change = {}) => lab.work(settings, { environment: variables, ...change });
    const { once } = work();
    for (const argv of upTo) {
      const answer = await once({ argv, environment: variables, signal: AbortSignal.timeout(60_000) });
      expect(answer).toMatchObject({ code: 0 });
    }
    expect(await columns()).not.toContain("email");

    const holder = await lab.hold(table);
    let attempts = 0;
    const counting: typeof once = async (call) => {
      // The lock goes away between two attempts, whatever the time they take.
      if (call.name && ++attempts === 2) await holder.query("rollback");
      return await once(call);
    };
    const done = await migrate(work({ once: counting, limits: SHORT }), "expand", UNSAFE);
    await holder.end();
    expect(attempts).toBeGreaterThanOrEqual(2);
    expect(done).toMatchObject({ applied: applied.rest, contract: applied.contract, newest: positions });
    expect(done.position).toBe(positions - 1);
    expect(await columns()).toEqual(expect.arrayContaining(["email", "name"]));

    expect(await migrate(work(), "expand", UNSAFE)).toMatchObject({ applied: [], evidence: "nothing is pending" });
    expect(await migrate(work(), "contract", UNSAFE)).toMatchObject({ applied: applied.contract, position: positions });
    expect(await columns()).not.toContain("name");
    const rows = await migrationRuns(lab.store.db, work());
    expect(rows.filter(({ outcome }) => outcome !== "done")).toEqual([]);
  });

  test.skipIf(!there)("brings an empty database to the newest schema", async () => {
    await lab.write(files);
    const work = lab.work(settings, { environment: await environment() });
    expect(await migrate(work, "expand", FIRST)).toMatchObject({
      position: positions,
      newest: positions,
      contract: [],
    });
    expect(await columns()).toEqual(expect.arrayContaining(["id", "email"]));
  });

  test.skipIf(!there)("says why it failed, redacted", async () => {
    await lab.write(files);
    const variables = { ...(await environment()), DATABASE_URL: "postgres://u:hunter2-canary@127.0.0.1:1/x" };
    const gone = noSockets ? { ...variables, FLYWAY_URL: "jdbc:postgresql://127.0.0.1:1/x" } : variables;
    await expect(migrate(lab.work(settings, { environment: gone }), "expand", FIRST)).rejects.toMatchObject({
      code: "SM-MIGRATION-LIST",
      message: expect.stringMatching(/did not say which migrations there are .*(?:127\.0\.0\.1|refused)/),
      output: expect.not.arrayContaining([expect.stringContaining("hunter2-canary")]),
    });
  });
});

describe("Drizzle", () => {
  const library = import.meta.resolve("drizzle-orm/node-postgres").replace("file://", "");
  const FIRST_FILE = { "0000_users": "create table users (id int primary key, name text);" };
  const SECOND_FILE = { "0001_email": "alter table users add column email text;--> statement-breakpoint\nselect 1;" };
  const own: MigrateSettings = { tool: "drizzle", command: ["node", "migrate.mjs"] };

  test("with the library's own migrator: what is applied is read from its table", async () => {
    await lab.write(drizzleFiles(FIRST_FILE, library));
    expect(await migrate(lab.work(own), "expand", FIRST)).toMatchObject({ applied: ["0000_users"], position: 1 });
    await lab.write(drizzleFiles({ ...FIRST_FILE, ...SECOND_FILE }, library));
    expect(await migrate(lab.work(own), "expand", NEXT)).toMatchObject({ applied: ["0001_email"], position: 2 });
    expect(await columns()).toContain("email");
    await lab.write(
      drizzleFiles({ ...FIRST_FILE, ...SECOND_FILE, "0002_x": "alter table users drop column name" }, library),
    );
    await expect(migrate(lab.work(own), "expand", NEXT)).rejects.toMatchObject({
      code: "SM-MIGRATION-UNSAFE",
      message: expect.stringContaining("drizzle/0002_x.sql: alter table users drop column name"),
    });
  });

  test("cannot leave a contract migration out", async () => {
    await lab.write(drizzleFiles(FIRST_FILE, library));
    await migrate(lab.work(own), "expand", FIRST);
    await lab.write(
      drizzleFiles(
        { ...FIRST_FILE, ...SECOND_FILE, "0002_drop_sm_contract": "alter table users drop column name" },
        library,
      ),
    );
    await expect(migrate(lab.work(own), "expand", NEXT)).rejects.toMatchObject({ code: "SM-MIGRATION-STOP" });
    expect(await columns()).not.toContain("email");
  });

  test.skipIf(!kit)(
    "with drizzle-kit: all is one transaction, and who held the lock is known although it says nothing",
    async () => {
      const settings: MigrateSettings = {
        tool: "drizzle",
        command: [join(kit ?? "", "node_modules/.bin/drizzle-kit"), "migrate"],
      };
      await lab.write(drizzleFiles(FIRST_FILE, library));
      const variables = { DATABASE_URL: lab.url, NODE_PATH: join(kit ?? "", "node_modules") };
      const work = (change = {}) => lab.work(settings, { environment: variables, ...change });
      expect(await migrate(work(), "expand", FIRST)).toMatchObject({ applied: ["0000_users"] });
      await lab.write(
        drizzleFiles(
          {
            ...FIRST_FILE,
            "0001_email": "alter table users add column email text;--> statement-breakpoint\nselect 1/0;",
          },
          library,
        ),
      );
      await expect(migrate(work(), "expand", UNSAFE)).rejects.toMatchObject({ code: "SM-MIGRATION-FAILED" });
      expect(await columns()).not.toContain("email");
      await lab.write(drizzleFiles({ ...FIRST_FILE, ...SECOND_FILE }, library));
      const holder = await lab.hold("users");
      const limits = { lockMs: 1_000, statementMs: 10_000, totalMs: 20_000 };
      await expect(migrate(work({ limits }), "expand", NEXT)).rejects.toMatchObject({
        code: "SM-MIGRATION-LOCK",
        message: expect.stringContaining("it waited for pid"),
      });
      await holder.end();
      expect(await migrate(work(), "expand", NEXT)).toMatchObject({ applied: ["0001_email"] });
    },
  );
});

test("a command of one's own runs once for each release, and is not repeated when it was cut off", async () => {
  const settings: MigrateSettings = { tool: "command", command: ["node", "-e", "process.exit(+process.env.CODE)"] };
  const work = (release: string, code = "0") => lab.work(settings, { release, environment: { CODE: code } });
  expect(await migrate(work("r1"), "expand", FIRST)).toMatchObject({ applied: ["r1"], position: 1 });
  expect(await migrate(work("r1"), "expand", NEXT)).toMatchObject({ applied: [] });
  await expect(migrate(work("r2", "3"), "expand", NEXT)).rejects.toMatchObject({
    code: "SM-MIGRATION-FAILED",
    message: expect.stringContaining("exit 3"),
  });
  const cut = new AbortController();
  const stopping = lab.work(settings, {
    release: "r2",
    signal: cut.signal,
    once: async () => {
      cut.abort(new Error("the controller stops"));
      throw cut.signal.reason;
    },
  });
  await expect(migrate(stopping, "expand", NEXT)).rejects.toThrow("the controller stops");
  await expect(migrate(work("r2"), "expand", NEXT)).rejects.toMatchObject({ code: "SM-MIGRATION-HALF" });
  expect(await migrate(work("r2"), "expand", NEXT)).toMatchObject({ applied: ["r2"], position: 2 });
});

/** A port that leads to the server's UNIX socket. */
async function bridge(url: string): Promise<{ port: number; database: string }> {
  const { host, port: serverPort, database } = new pg.Client({ connectionString: url });
  const server = createServer((socket) => {
    const far = host.startsWith("/") ? connect(join(host, `.s.PGSQL.${serverPort}`)) : connect(serverPort, host);
    socket.on("error", () => far.destroy()).pipe(far);
    far.on("error", () => socket.destroy()).pipe(socket);
  });
  bridges.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, database: database ?? "" };
}
