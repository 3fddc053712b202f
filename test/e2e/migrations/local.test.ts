import { globSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createBackfills } from "../../../src/daemon/backfills.ts";
import { plannedContract } from "../../../src/daemon/contract.ts";
import { reportMigrations } from "../../../src/daemon/migrations.ts";
import { carryOut, plannedDeploy, plannedRollback } from "../../../src/daemon/rollouts.ts";
import { vouch } from "../../../src/daemon/vouch.ts";
import { type DeployLab, openDeployLab } from "../../../src/deploy/testing.ts";
import { listApprovals } from "../../../src/store/approvals.ts";
import { createTestDatabase } from "../../../src/store/testing.ts";
import { service } from "../../lab/lab.ts";
import { setup } from "../../own-database.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const machine = globSync("/usr/lib/postgresql/*/bin/postgres").length > 0;
if (!machine)
  console.log("skipped: migrations tried on a copy of the schema: no PostgreSQL of the machine, whose pg_dump fits");

let lab: DeployLab;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let client: pg.Client;

const LOCAL = { platform: "local", strategy: { kind: "blue-green", bake: "300ms" } };

async function open(settings: Record<string, unknown> = {}): Promise<void> {
  const migrating = service({ env: { DATABASE_URL: database.url }, migrate: { tool: "sql" } });
  const manifest = { environments: { local: { ...LOCAL, ...settings } } };
  lab = await openDeployLab({ services: { app: migrating }, manifest });
  lab.write("migrations/1_users.sql", "create table users (id int primary key, name text);");
}

const before = { url: process.env.TEST_STORE_URL, database: process.env.TEST_DATABASE };
let stop: (() => Promise<void>) | undefined;
beforeAll(async () => {
  if (!machine) return;
  process.env.TEST_DATABASE = "machine";
  stop = await setup();
});
afterAll(async () => {
  await stop?.();
  give("TEST_STORE_URL", before.url);
  give("TEST_DATABASE", before.database);
});
function give(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
beforeEach(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  client.on("error", () => {});
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await lab.close();
  await database.drop();
});

const ship = async (request: Parameters<typeof plannedDeploy>[1] = {}) =>
  await carryOut(lab.engine, await plannedDeploy(lab.engine, request, "cli:ada"));
const goBack = async (to?: string) => await carryOut(lab.engine, await plannedRollback(lab.engine, { to }, "cli:ada"));
const columns = async () =>
  (
    await client.query<{ name: string }>(
      "select column_name as name from information_schema.columns where table_name = 'users' order by ordinal_position",
    )
  ).rows.map(({ name }) => name);
const serving = async () => (await lab.ask("/health")).release;

describe("expand", () => {
  test("runs before the start; a release that does not know it goes on serving meanwhile and after a failure", async () => {
    await open();
    expect((await ship()).state).toBe("SUCCEEDED");
    lab.write("migrations/2_title.sql", "alter table users add column title text;");
    expect(await ship()).toMatchObject({ state: "SUCCEEDED", release: "r2" });
    expect(await columns()).toEqual(["id", "name", "title"]);

    await client.query("insert into users values (1, 'ada', null)");
    lab.write("migrations/3_bad.sql", "alter table users add column age int; insert into users (id) values (1);");
    const failed = await ship();
    expect(failed).toMatchObject({
      state: "FAILED",
      failure: { code: "SM-MIGRATION-FAILED", service: "app", logs: [expect.stringContaining("duplicate key")] },
    });
    expect(await columns()).toEqual(["id", "name", "title"]);
    expect(await serving()).toBe("r2");

    lab.write("migrations/3_bad.sql", "alter table users drop column name;");
    expect(await ship()).toMatchObject({ state: "FAILED", failure: { code: "SM-MIGRATION-UNSAFE" } });
    expect(await columns()).toContain("name");
    // Both know the schema as it is.
    expect(await goBack("r1")).toMatchObject({ state: "SUCCEEDED", release: "r1" });
  });

  test("that is cut off outside of a transaction is STUCK until a person has looked", async () => {
    await open();
    await ship();
    await client.query("insert into users values (1, 'ada')");
    lab.write(
      "migrations/2_slow.sql",
      "-- no-transaction\nupdate users set name = 'eve' where id = 1 and pg_sleep(60) is not null;",
    );
    const planned = await plannedDeploy(lab.engine, {}, "cli:ada");
    const rollout = carryOut(lab.engine, planned);
    const session =
      "select pg_terminate_backend(pid) as ended from pg_stat_activity where query like '%update users%' and pid <> pg_backend_pid() and state = 'active' and datname = current_database()";
    while ((await client.query(session)).rowCount === 0) await delay(200);
    expect(await rollout).toMatchObject({ state: "STUCK", failure: { code: "SM-MIGRATION-HALF" } });
    expect(await serving()).toBe("r1");
    await client.query("update stationmaster_migration set in_flight = false, statements = 1 where id = '2_slow'");
    expect((await ship()).state).toBe("SUCCEEDED");
  });
});

describe.skipIf(!machine)("a look before", () => {
  test("tries what is pending, and the plans of the same content know it", async () => {
    await open({ require: ["migrations-tested"] });
    const before = await plannedDeploy(lab.engine, {}, "cli:ada");
    expect(before.plan.warnings).toEqual([
      expect.stringMatching(/of app run before the start; stationmaster migrations local/),
    ]);
    await expect(ship()).rejects.toMatchObject({ code: "SM-PREFLIGHT", next: "stationmaster migrations local" });
    const first = await reportMigrations(lab.engine, {}, "cli:ada");
    expect(first).toMatchObject({
      release: "r1",
      recorded: true,
      services: [{ service: "app", tool: "sql", safe: true, tested: true, position: 1 }],
      migrations: [{ kind: "expand", pending: ["1_users"], findings: [] }],
    });
    expect((await client.query("select to_regclass('users') as made")).rows).toEqual([{ made: null }]);
    expect(await ship()).toMatchObject({ state: "SUCCEEDED", release: "r1" });

    lab.write("migrations/2_name.sql", "alter table users rename column name to title;");
    lab.write("migrations/3_old.contract.sql", "alter table users drop column name;");
    const second = await reportMigrations(lab.engine, {}, "cli:ada");
    expect(second).toMatchObject({
      services: [{ safe: false, tested: true }],
      migrations: [
        { kind: "expand", findings: [{ rule: "rename" }] },
        { kind: "contract", pending: ["3_old.contract"] },
      ],
    });
    const { plan } = await plannedDeploy(lab.engine, {}, "cli:ada");
    expect(plan.migrations).toEqual(second.migrations);
    expect(plan.preflight?.map(({ item, ok }) => `${item} ${ok}`)).toEqual([
      ...["migrations-safe false", "migrations-tested true", "rollback-plan true", "backup false", "incident true"],
    ]);
    await expect(ship()).rejects.toMatchObject({ message: expect.stringContaining("migrations-safe (app: rename)") });
    await vouch(lab.engine, { what: "backup" }, "cli:ada");
    const done = await ship({ override: ["migrations-safe"], reason: "nobody reads it" });
    expect(done).toMatchObject({ state: "SUCCEEDED", release: "r2" });
    expect(await columns()).toEqual(["id", "title"]);
  });

  test("that fails on the scratch database is no test; an approver vouches for the run that went well", async () => {
    await open({ require: ["migrations-tested"], approvers: ["eve"] });
    const word = { what: "migrations-tested" } as const;
    await expect(vouch(lab.engine, word, "cli:eve")).rejects.toMatchObject({ code: "SM-VOUCH-MIGRATIONS" });
    await reportMigrations(lab.engine, {}, "cli:ada");
    await expect(ship()).rejects.toMatchObject({ message: expect.stringContaining("not one of the approvers") });
    await vouch(lab.engine, word, "cli:eve");
    expect((await ship()).state).toBe("SUCCEEDED");
    lab.write("migrations/2_bad.sql", "alter table nobody add column x int;");
    const report = await reportMigrations(lab.engine, {}, "cli:ada");
    expect(report.services).toMatchObject([{ safe: false, tested: false }]);
    expect(report.services[0]?.evidence).toContain('relation "nobody" does not exist');
    const [record] = await listApprovals(lab.engine.store.db, { app: "lab", env: "local" });
    expect(record?.what).toBe("migrations-seen");
    await expect(ship()).rejects.toMatchObject({ message: expect.stringContaining("migrations-safe (app: failed on") });
  });
});

test("backfill, then contract; afterwards there is no way back across it, and the next one is named", async () => {
  await open();
  await ship();
  await client.query("insert into users select n, 'user ' || n from generate_series(1, 2500) n");
  lab.write("migrations/2_title.sql", "alter table users add column title text;");
  lab.write(
    "migrations/3_fill.backfill.sql",
    "update users set title = name where id in (select id from users where title is null limit :batch);",
  );
  lab.write("migrations/4_name.contract.sql", "alter table users drop column name;");
  const fill = createBackfills(lab.engine);
  const round = () => fill(AbortSignal.timeout(60_000));
  const filled = async () => (await client.query("select count(title)::int as n from users")).rows[0]?.n;
  const planned = await plannedDeploy(lab.engine, {}, "cli:ada");
  const rollout = carryOut(lab.engine, planned);
  while ((await columns()).length < 3) await delay(50);
  await round();
  const during = await filled();
  expect(await rollout).toMatchObject({ state: "SUCCEEDED", release: "r2" });
  expect(during).toBe(0);
  const contract = async () => await plannedContract(lab.engine, { service: "app" }, "cli:ada");
  await expect(contract()).rejects.toMatchObject({ code: "SM-MIGRATION-BACKFILL" });
  expect((await reportMigrations(lab.engine, {}, "cli:ada")).backfills).toMatchObject([
    { id: "3_fill.backfill", state: "running" },
  ]);
  // Another process goes on where this one left it.
  await round();
  const again = createBackfills(lab.engine);
  for (let n = 0; (await filled()) < 2_500 && n < 100; n++) await again(AbortSignal.timeout(60_000));
  await again(AbortSignal.timeout(60_000));
  expect((await reportMigrations(lab.engine, {}, "cli:ada")).backfills).toEqual([]);

  lab.write("version.txt", "three");
  await ship();
  const { plan } = await contract();
  expect(plan).toMatchObject({
    kind: "contract",
    release: "r3",
    warnings: ["afterwards there is no way back to r1"],
    migrations: [{ pending: ["4_name.contract"], ends: ["r1"] }],
  });
  const before = await lab.ask("/version");
  expect(await carryOut(lab.engine, await contract())).toMatchObject({ state: "SUCCEEDED", kind: "contract" });
  expect(await columns()).toEqual(["id", "title"]);
  expect(await lab.ask("/version")).toEqual(before);
  await expect(contract()).rejects.toMatchObject({ code: "SM-CONTRACT-NONE" });
  await expect(goBack("r1")).rejects.toMatchObject({
    code: "SM-ROLLBACK-SCHEMA",
    message: "app: the schema is at position 4, and r1 runs on 1 to 3 only",
    next: "go back to r2, the nearest release that runs on it: stationmaster rollback local --to r2",
  });
  expect(await goBack()).toMatchObject({ state: "SUCCEEDED", release: "r2" });
});

test("a contract is refused while another release runs, after a failure, and where there is none", async () => {
  await open();
  const contract = () => plannedContract(lab.engine, { service: "app" }, "cli:ada");
  await expect(contract()).rejects.toMatchObject({ code: "SM-CONTRACT-RELEASE" });
  await ship();
  await expect(contract()).rejects.toMatchObject({ code: "SM-CONTRACT-NONE" });
  lab.write("migrations/2_name.contract.sql", "alter table users drop column name;");
  await ship();
  lab.write("migrations/3_bad.sql", "select 1 / 0;");
  expect((await ship()).state).toBe("FAILED");
  await expect(contract()).rejects.toMatchObject({ code: "SM-CONTRACT-WINDOW" });
  await expect(plannedContract(lab.engine, { service: "web" }, "cli:ada")).rejects.toMatchObject({
    code: "SM-CONTRACT-SERVICE",
  });
});
