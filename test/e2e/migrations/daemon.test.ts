import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { MigrationReport } from "../../../src/contract/migration.ts";
import { Rollout, RolloutPlan } from "../../../src/contract/rollout.ts";
import { createTestDatabase } from "../../../src/store/testing.ts";
import type { Command } from "../../lab/command.ts";
import { type Lab, openLab, service } from "../../lab/lab.ts";
import { until } from "../../lab/until.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const ROWS = 6_000;
let lab: Lab;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let client: pg.Client;
let daemon: Command;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  client.on("error", () => {});
  await client.connect();
  const migrating = service({ env: { DATABASE_URL: database.url }, migrate: { tool: "sql" } });
  lab = await openLab({ services: { app: migrating } });
  lab.write("migrations/1_users.sql", "create table users (id int primary key, name text);");
  daemon = await up();
});
afterAll(async () => {
  await lab.close();
  await daemon.done;
  await client.end();
  await database.drop();
});

async function up(): Promise<Command> {
  const command = lab.start(["up", "--port", "0"], { deadlineMs: 10 * 60_000 });
  await until("the daemon", () => command.said().includes("ready: "), 60_000);
  return command;
}
const report = async () => {
  const { stdout, code } = await lab.run(["migrations", "--json"]);
  return { code, ...MigrationReport.parse(JSON.parse(stdout)) };
};
const filled = async () => Number((await client.query("select count(title) as n from users")).rows[0]?.n);

test("a release with a backfill: it goes on in the daemon, and in the next one after this one was killed", async () => {
  await client.query("insert into users select n, 'user ' || n from generate_series(1, $1) n", [ROWS]);
  await client.query(`create function slow() returns trigger language plpgsql as
    $$ begin perform pg_sleep(0.002); return new; end $$`);
  await client.query("create trigger slow before update on users for each row execute function slow()");
  lab.write("migrations/2_title.sql", "alter table users add column title text;");
  lab.write(
    "migrations/3_fill.backfill.sql",
    "update users set title = name where id in (select id from users where title is null limit :batch);",
  );
  lab.write("migrations/4_name.contract.sql", "alter table users drop column name;");
  expect(await report()).toMatchObject({
    code: 0,
    release: "r2",
    migrations: [
      { kind: "expand", pending: ["2_title"] },
      { kind: "contract", pending: ["4_name.contract"] },
    ],
    backfills: [{ id: "3_fill.backfill", state: "pending" }],
  });
  expect((await lab.deploy()).rollout).toMatchObject({ state: "SUCCEEDED", release: "r2" });
  await until("the first rows", async () => (await filled()) > 0, 60_000);
  expect((await report()).backfills).toMatchObject([{ state: "running" }]);
  daemon.child.kill("SIGKILL");
  await daemon.done;
  expect(await filled()).toBeLessThan(ROWS);
  daemon = await up();
  await until("all rows", async () => (await filled()) === ROWS, 120_000);
  await until("its end", async () => (await report()).backfills.length === 0, 60_000);
});

test("a contract is shown, confirmed and carried out; then the way back across it is refused", async () => {
  lab.write("version.txt", "three");
  await lab.deploy();
  const asked = await lab.run(["contract", "app"]);
  expect(asked).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error SM-CONFIRM/) });
  expect(asked.stdout).toContain("4_name.contract");
  expect(asked.stdout).toContain("afterwards there is no way back to r1");
  const plan = RolloutPlan.parse(JSON.parse((await lab.run(["contract", "app", "local", "--plan", "--json"])).stdout));
  expect(plan).toMatchObject({ kind: "contract", migrations: [{ ends: ["r1"] }] });
  const done = await lab.run(["contract", "app", "--yes", "--json"]);
  expect(Rollout.parse(JSON.parse(done.stdout))).toMatchObject({ state: "SUCCEEDED", kind: "contract", release: "r3" });
  const back = await lab.run(["rollback", "local", "--to", "r1", "--yes"]);
  expect(back).toMatchObject({ code: 3, stderr: expect.stringContaining("stationmaster rollback local --to r2") });
  expect((await lab.run(["rollback", "local", "--yes"])).stdout).toContain("r2 serves local");
});

test("what would be refused ends with an error, also without a daemon", async () => {
  await lab.run(["down"]);
  await daemon.done;
  lab.write("migrations/5_bad.sql", "alter table users rename column title to headline;");
  const { code, stdout, stderr } = await lab.run(["migrations"]);
  expect(code).toBe(2);
  expect(stdout).toContain("rename: the running release knows only the old name");
  expect(stderr).toContain("error SM-MIGRATION-REFUSED");
  const planned = await lab.run(["deploy", "--plan"]);
  expect(planned.stdout).toMatch(/migrations-safe\s+NO\s+app: rename/);
});
