import { globSync } from "node:fs";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { setup } from "../../../../test/own-database.ts";
import { createTestDatabase } from "../../../store/testing.ts";
import { lint } from "../lint/lint.ts";
import { migrate } from "../migrate.ts";
import { alembicFiles } from "../runners/testing.ts";
import { FIRST, type MigrationLab, NEXT, openMigrationLab, venvPrograms } from "../testing.ts";
import { recordedStatements, startRecording } from "./record.ts";

const SQL = { tool: "sql" as const };
const machine = globSync("/usr/lib/postgresql/*/bin/postgres").length > 0;
if (!machine)
  console.log("skipped: rehearsals on a copy of the schema: no PostgreSQL of the machine, whose pg_dump fits");
const venv = venvPrograms();
if (!venv) console.log("skipped: what Alembic and Django send: neither in STATIONMASTER_TEST_VENV nor in PATH");

test("a scratch database keeps what changes its schema or its rows, as it was sent", async () => {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    "create table users (id int primary key); create table ledger (id int); insert into ledger values (1)",
  );
  expect(await startRecording(client, ["ledger"])).toBe(true);
  const sent = [
    "alter table users add column a int; update users set a = 1",
    "create index concurrently i on users (a)",
    "do $$ begin alter table users add column b int; end $$",
    "delete from users where id = 3",
    "drop table users",
  ];
  for (const sql of sent) await client.query(sql);
  await client.query("update ledger set id = 2");
  await client.query("update ledger set id = $1", [3]);
  expect(await recordedStatements(client)).toEqual(sent);
  await client.end();
  await database.drop();
});

describe.skipIf(!machine)("a rehearsal", () => {
  const before = { url: process.env.TEST_STORE_URL, database: process.env.TEST_DATABASE };
  let stop: () => Promise<void>;
  let lab: MigrationLab;
  beforeAll(async () => {
    process.env.TEST_DATABASE = "machine";
    stop = await setup();
  });
  afterAll(async () => {
    await stop();
    process.env.TEST_STORE_URL = before.url;
    if (before.database === undefined) delete process.env.TEST_DATABASE;
    else process.env.TEST_DATABASE = before.database;
  });
  beforeEach(async () => {
    lab = await openMigrationLab();
    await lab.write({ "migrations/0001_users.sql": "create table users (id int primary key, name text);" });
    await migrate(lab.work(SQL), "expand", FIRST);
    await lab.query("insert into users values (1, 'ada')");
  });
  afterEach(async () => {
    const left = await lab.query("select datname from pg_database where datname like 'stationmaster_scratch%'");
    expect(left).toEqual([]);
    await lab.close();
  });

  test("runs the pending files on a copy of the target's schema, without its rows", async () => {
    await lab.query("alter table users add column drifted int");
    await lab.write({ "migrations/0002_use.sql": "create index concurrently i on users (drifted)\n" });
    await lab.write({
      "migrations/0002_use.sql": "-- no-transaction\ncreate index concurrently i on users (drifted);",
    });
    expect(await migrate(lab.work(SQL), "expand", NEXT)).toMatchObject({
      applied: ["0002_use"],
      evidence: "ran on a scratch database with the target's schema; statements of the files",
    });
  });

  test("that fails keeps the migration away from the target", async () => {
    await lab.write({
      "migrations/0002_bad.sql": "-- no-transaction\ninsert into users values (7);\nselect * from nowhere;",
    });
    await expect(migrate(lab.work(SQL), "expand", NEXT)).rejects.toMatchObject({
      code: "SM-MIGRATION-REHEARSAL",
      message: expect.stringMatching(/^api: tried on a scratch database: .*relation "nowhere" does not exist$/),
    });
    expect(await lab.query("select id from users")).toEqual([{ id: 1 }]);
    expect(await lab.query("select id from stationmaster_migration where id = '0002_bad'")).toEqual([]);
  });

  test.skipIf(!venv)("shows what Alembic sends, although its code does not say it", async () => {
    const settings = { tool: "alembic" as const, command: [venv?.alembic ?? "", "upgrade", "heads"] };
    await lab.write(
      alembicFiles({ a1: { parents: [], code: 'op.add_column("users", sa.Column("email", sa.String))' } }),
    );
    await migrate(lab.work(settings), "expand", { ...NEXT, allowUnsafe: true });
    await lab.write(
      alembicFiles({
        b2: {
          parents: ["a1"],
          code: 'op.create_index("i", "users", ["email"]); op.execute("update users set email = name")',
        },
      }),
    );
    await expect(migrate(lab.work(settings), "expand", NEXT)).rejects.toMatchObject({
      code: "SM-MIGRATION-UNSAFE",
      message: expect.stringMatching(/the scratch database: CREATE INDEX i ON users \(email\).*\(and 1 more\)/),
    });
    expect(await migrate(lab.work(settings), "expand", { ...NEXT, allowUnsafe: true })).toMatchObject({
      applied: ["b2"],
      evidence: expect.stringContaining("statements as they were recorded there"),
      findings: [{ rule: "index-lock" }, { rule: "table-wide-write" }],
    });
    expect(await lab.query("select email from users")).toEqual([{ email: "ada" }]);
  });

  test.skipIf(!venv)("does not let a tool run that would go to the target all the same", async () => {
    const settings = { tool: "alembic" as const, command: [venv?.alembic ?? "", "upgrade", "heads"] };
    const stubborn = { DATABASE_NAME: new URL(lab.url.replace("@/", "@host/")).pathname.slice(1) };
    await lab.write(
      alembicFiles({ a1: { parents: [], code: 'op.add_column("users", sa.Column("email", sa.String))' } }),
    );
    const work = lab.work(settings);
    const done = await migrate({ ...work, environment: { ...work.environment, ...stubborn } }, "expand", NEXT);
    expect(done.evidence).toMatch(
      /not run before: the tool does not take the address .*; statements of what alembic prints/,
    );
    expect(done.applied).toEqual(["a1"]);
  });
});

test("recorded texts of several statements are judged one by one", async () => {
  const sql = "alter table users add column a int;\nupdate users set a = 1\n;\n";
  const findings = await lint([{ origin: "x", sql, transaction: false }]);
  expect(findings.map(({ rule, statement }) => [rule, statement])).toEqual([
    ["table-wide-write", "update users set a = 1"],
  ]);
});
