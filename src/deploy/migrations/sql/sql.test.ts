import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../../../../test/lab/until.ts";
import { migrationRuns } from "../../../store/migration-runs.ts";
import { migrate } from "../migrate.ts";
import { FIRST, type MigrationLab, NEXT, openMigrationLab } from "../testing.ts";
import type { MigrateSettings } from "../types.ts";

const SQL: MigrateSettings = { tool: "sql" };
const USERS = { "migrations/0001_users.sql": "create table users (id int primary key, name text);\n" };

let lab: MigrationLab;
beforeEach(async () => {
  lab = await openMigrationLab();
});
afterEach(async () => await lab.close());

const columns = async () =>
  (
    await lab.query<{ name: string }>(
      "select column_name as name from information_schema.columns where table_name = 'users' order by ordinal_position",
    )
  ).map(({ name }) => name);
const runs = async () =>
  (await migrationRuns(lab.store.db, lab.work(SQL))).map(({ id, kind, position, outcome }) => [
    id,
    kind,
    position,
    outcome,
  ]);

describe("the files of a release", () => {
  test("run once, in order, and are noted in both databases", async () => {
    await lab.write({
      ...USERS,
      "migrations/0010_phone.sql": "alter table users add column phone text;",
      "migrations/0002_email.sql": "alter table users add column email text;\n-- größer als ein Byte: ü; kein Ende",
      "migrations/0002_email.down.sql": "alter table users drop column email;",
      "migrations/notes.txt": "not ours",
    });
    const first = await migrate(lab.work(SQL), "expand", FIRST);
    expect(first).toMatchObject({
      applied: ["0001_users", "0002_email", "0010_phone"],
      position: 3,
      newest: 3,
      evidence: "an empty database that serves nobody",
    });
    expect(await columns()).toEqual(["id", "name", "email", "phone"]);
    expect((await runs()).map(([id, , position, outcome]) => [id, position, outcome])).toEqual([
      ["0001_users", 1, "done"],
      ["0002_email", 2, "done"],
      ["0010_phone", 3, "done"],
    ]);
    expect(await migrate(lab.work(SQL), "expand", NEXT)).toMatchObject({ applied: [], evidence: "nothing is pending" });
  });

  test("that fail leave nothing behind, and say what, without secrets", async () => {
    await lab.write({
      ...USERS,
      "migrations/0002_bad.sql": "alter table users add column a text;\nselect 'hunter2-canary'::int;",
    });
    await expect(migrate(lab.work(SQL), "expand", FIRST)).rejects.toMatchObject({
      code: "SM-MIGRATION-FAILED",
      message: expect.stringMatching(
        /^api: migrations\/0002_bad\.sql, statement 2 \(select '•••'::int\): invalid input syntax/,
      ),
    });
    expect(await columns()).toEqual(["id", "name"]);
    expect((await runs()).map(([id, , , outcome]) => [id, outcome])).toEqual([
      ["0001_users", "done"],
      ["0002_bad", "failed"],
    ]);
    await lab.write({ "migrations/0002_bad.sql": "alter table users add column a text;" });
    expect(await migrate(lab.work(SQL), "expand", NEXT)).toMatchObject({ applied: ["0002_bad"] });
  });

  test("must stay as they were applied", async () => {
    await lab.write(USERS);
    await migrate(lab.work(SQL), "expand", FIRST);
    await lab.write({ "migrations/0001_users.sql": "create table users (id bigint primary key, name text);\n" });
    await expect(migrate(lab.work(SQL), "expand", NEXT)).rejects.toMatchObject({ code: "SM-MIGRATION-CHANGED" });
  });

  test("that are not there, or a database that is not, are named", async () => {
    await expect(migrate(lab.work(SQL), "expand", FIRST)).rejects.toMatchObject({
      code: "SM-MIGRATION-FILES",
      message: expect.stringContaining("there are no files migrations/*.sql"),
    });
    await expect(migrate(lab.work(SQL, { reachable: undefined }), "expand", FIRST)).rejects.toMatchObject({
      code: "SM-MIGRATION-DATABASE",
    });
    await expect(
      migrate(lab.work(SQL, { reachable: "postgres://nobody:secret@127.0.0.1:1/x" }), "expand", FIRST),
    ).rejects.toMatchObject({ code: "SM-MIGRATION-DATABASE", message: expect.not.stringContaining("secret") });
  });
});

describe("two controllers at once", () => {
  test("carry each file out once", async () => {
    await lab.write({
      ...USERS,
      "migrations/0002_slow.sql":
        "alter table users add column n int; select pg_sleep(1); insert into users values (1);",
    });
    const both = await Promise.all([1, 2].map(() => migrate(lab.work(SQL), "expand", FIRST)));
    expect(both.map(({ applied }) => applied.length).sort()).toEqual([0, 2]);
    expect(await lab.query("select id from users")).toEqual([{ id: 1 }]);
  });
});

describe("a table that somebody holds", () => {
  test("is asked for again until it is free", async () => {
    await lab.write(USERS);
    await migrate(lab.work(SQL), "expand", FIRST);
    await lab.write({ "migrations/0002_email.sql": "alter table users add column email text;" });
    const holder = await lab.hold("users");
    const limits = { lockMs: 200, statementMs: 5_000, totalMs: 60_000 };
    const going = migrate(lab.work(SQL, { limits }), "expand", NEXT);
    await delay(1_500);
    expect(await columns()).toEqual(["id", "name"]);
    await holder.end();
    expect(await going).toMatchObject({ applied: ["0002_email"] });
  });

  test("ends the attempt with the name of who holds it", async () => {
    await lab.write(USERS);
    await migrate(lab.work(SQL), "expand", FIRST);
    await lab.write({ "migrations/0002_email.sql": "alter table users add column email text;" });
    const holder = await lab.hold("users");
    const limits = { lockMs: 1_500, statementMs: 5_000, totalMs: 5_000 };
    await expect(migrate(lab.work(SQL, { limits }), "expand", NEXT)).rejects.toMatchObject({
      code: "SM-MIGRATION-LOCK",
      message: expect.stringMatching(/lock timeout; it waited for pid \d+ \(holder, idle in transaction for \d+ s\)/),
    });
    await holder.end();
    expect(await columns()).toEqual(["id", "name"]);
  });
});

describe("a controller that dies in the middle", () => {
  /** Carries the migrations out in a process of its own, which is killed while the file sleeps. */
  async function killedWhileSleeping(): Promise<void> {
    const { settings, app, env, service, release, address, environment, limits } = lab.work(SQL);
    const plain = {
      settings,
      app,
      env,
      service,
      release,
      address,
      environment,
      limits,
      reachable: address,
      rolloutId: "ro-1",
    };
    const code = `
      import { migrate } from ${JSON.stringify(new URL("../migrate.ts", import.meta.url).href)};
      import { localOnce } from ${JSON.stringify(new URL("../testing.ts", import.meta.url).href)};
      import { openStore } from ${JSON.stringify(new URL("../../../store/connect.ts", import.meta.url).href)};
      import { systemClock as clock } from ${JSON.stringify(new URL("../../../core/clock.ts", import.meta.url).href)};
      const { db } = await openStore({ url: ${JSON.stringify(lab.store.url)} });
      const signal = AbortSignal.timeout(60_000);
      const more = { db, clock, signal, once: localOnce(${JSON.stringify(lab.folder)}), redact: (text) => text };
      await migrate({ ...${JSON.stringify(plain)}, ...more }, "expand", ${JSON.stringify({ wanted: { name: "r1" }, allowUnsafe: true })});`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const exited = once(child, "exit");
    await until("the file to sleep", async () => {
      const sleeping = await lab.query(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'",
      );
      return sleeping.length > 0 && (await runs()).some(([id]) => id === "0002_slow");
    });
    child.kill("SIGKILL");
    await exited;
  }

  test("leaves nothing of a transaction, and the next one goes on", async () => {
    await lab.write({
      ...USERS,
      "migrations/0002_slow.sql": "alter table users add column email text; select pg_sleep(20);",
    });
    await killedWhileSleeping();
    expect(await runs()).toContainEqual(["0002_slow", "expand", 2, null]);
    await lab.write({ "migrations/0002_slow.sql": "alter table users add column email text;" });
    expect(await migrate(lab.work(SQL), "expand", FIRST)).toMatchObject({ applied: ["0002_slow"] });
    expect(await columns()).toEqual(["id", "name", "email"]);
    expect(await runs()).toContainEqual(["0002_slow", "expand", 2, "done"]);
  });

  test("in a statement outside of a transaction nobody can judge: a person is asked", async () => {
    await lab.write({
      ...USERS,
      "migrations/0002_slow.sql":
        "-- no-transaction\ninsert into users values (1);\nselect pg_sleep(20);\ninsert into users values (3);",
    });
    await killedWhileSleeping();
    await expect(migrate(lab.work(SQL), "expand", FIRST)).rejects.toMatchObject({
      code: "SM-MIGRATION-HALF",
      message: expect.stringContaining("statement 2 (select pg_sleep(20)) was cut off"),
      next: expect.stringContaining("update stationmaster_migration set in_flight = false where id = '0002_slow'"),
    });
    await lab.query("update stationmaster_migration set in_flight = false, statements = 2 where id = '0002_slow'");
    expect(await migrate(lab.work(SQL), "expand", NEXT)).toMatchObject({ applied: ["0002_slow"] });
    expect(await lab.query("select id from users order by id")).toEqual([{ id: 1 }, { id: 3 }]);
  });
});

describe("an index that is built without a transaction", () => {
  test("is built again after an attempt that left an invalid one", async () => {
    await lab.write(USERS);
    await migrate(lab.work(SQL), "expand", FIRST);
    await lab.query("insert into users values (1, 'a'), (2, 'a')");
    await lab.write({
      "migrations/0002_unique.sql": "-- no-transaction\ncreate unique index concurrently users_name on users (name);",
    });
    await expect(migrate(lab.work(SQL), "expand", NEXT)).rejects.toMatchObject({ code: "SM-MIGRATION-FAILED" });
    const valid = async () =>
      await lab.query("select indisvalid as valid from pg_index where indexrelid = to_regclass('users_name')");
    expect(await valid()).toEqual([{ valid: false }]);
    await lab.query("delete from users where id = 2");
    expect(await migrate(lab.work(SQL), "expand", NEXT)).toMatchObject({ applied: ["0002_unique"] });
    expect(await valid()).toEqual([{ valid: true }]);
  });
});

describe("kinds", () => {
  const KINDS = {
    ...USERS,
    "migrations/0002_full_name.sql": "alter table users add column full_name text;",
    "migrations/0003_fill.backfill.sql":
      "update users set full_name = name where id in (select id from users where full_name is null and name is not null limit :batch)",
    "migrations/0004_drop_name.sql": "-- stationmaster: contract\nalter table users drop column name;",
  };

  test("an empty database gets all of them", async () => {
    await lab.write(KINDS);
    expect(await migrate(lab.work(SQL), "expand", FIRST)).toMatchObject({ position: 4, contract: [], backfill: [] });
    expect(await columns()).toEqual(["id", "full_name"]);
  });

  test("a deploy runs expand migrations only; contract waits for its backfill and a rollout of its own", async () => {
    await lab.write(USERS);
    await migrate(lab.work(SQL), "expand", FIRST);
    await lab.write(KINDS);
    const work = lab.work(SQL, { release: "r2" });
    expect(await migrate(work, "expand", NEXT)).toMatchObject({
      applied: ["0002_full_name"],
      position: 2,
      newest: 4,
      contract: ["0004_drop_name"],
      backfill: ["0003_fill.backfill"],
    });
    await expect(migrate(work, "contract", NEXT)).rejects.toMatchObject({ code: "SM-MIGRATION-BACKFILL" });
    await lab.write({ "migrations/0005_phone.sql": "alter table users add column phone text;" });
    await expect(migrate(work, "expand", NEXT)).rejects.toMatchObject({ code: "SM-MIGRATION-ORDER" });
  });

  test("what hurts the running release is refused, unless somebody says why not", async () => {
    await lab.write(USERS);
    await migrate(lab.work(SQL), "expand", FIRST);
    await lab.write({ "migrations/0002_rename.sql": "alter table users rename column name to title;" });
    await expect(migrate(lab.work(SQL), "expand", NEXT)).rejects.toMatchObject({
      code: "SM-MIGRATION-UNSAFE",
      message: expect.stringContaining(
        "api: migrations/0002_rename.sql: alter table users rename column name to title",
      ),
      next: expect.stringContaining("-- stationmaster: allow rename: <reason>"),
    });
    await lab.write({
      "migrations/0002_rename.sql":
        "-- stationmaster: allow rename: nothing reads it yet\nalter table users rename column name to title;",
    });
    expect(await migrate(lab.work(SQL), "expand", NEXT)).toMatchObject({ applied: ["0002_rename"] });
  });

  test("a schema that the running or the new release does not know is refused before anything runs", async () => {
    await lab.write(USERS);
    await migrate(lab.work(SQL), "expand", FIRST);
    await lab.write({ "migrations/0002_email.sql": "alter table users add column email text;" });
    for (const guard of [
      { ...NEXT, running: { name: "r0", range: { min: 1, max: 1 } } },
      { ...NEXT, wanted: { name: "r2", range: { min: 3, max: 4 } } },
    ])
      await expect(migrate(lab.work(SQL), "expand", guard)).rejects.toMatchObject({ code: "SM-MIGRATION-RANGE" });
    expect(await columns()).toEqual(["id", "name"]);
  });
});
