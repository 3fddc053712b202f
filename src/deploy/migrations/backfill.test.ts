import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openBackfills } from "../../store/migration-runs.ts";
import { afterBatch, afterError, type BackfillProgress, beginBackfill, runBackfill } from "./backfill.ts";
import { migrate } from "./migrate.ts";
import { sqlFile } from "./sql/files.ts";
import { FIRST, type MigrationLab, NEXT, openMigrationLab } from "./testing.ts";
import type { MigrateSettings } from "./types.ts";

const SQL: MigrateSettings = { tool: "sql" };
const FILE = sqlFile("migrations/2.sql", "2", "update t set a = 1 where id in (select id from t limit :batch)");

describe("the size and the pace of batches", () => {
  const begun = beginBackfill(FILE);
  test("follow what the last one took", () => {
    expect(afterBatch(begun, { rows: 1_000, ms: 100 })).toMatchObject({
      progress: { batch: 1_500, rows: 1_000 },
      waitMs: 100,
    });
    expect(afterBatch(begun, { rows: 1_000, ms: 1_000 })).toMatchObject({ progress: { batch: 1_000 }, waitMs: 1_000 });
    expect(afterBatch(begun, { rows: 1_000, ms: 5_000 })).toMatchObject({ progress: { batch: 500 }, waitMs: 5_000 });
    expect(afterBatch(begun, { rows: 0, ms: 5 })).toMatchObject({
      progress: { statement: 1, batch: 1_000 },
      waitMs: 0,
    });
  });
  test("shrink with errors, which end it after ten in a row", () => {
    let progress: BackfillProgress = begun;
    const waits: number[] = [];
    for (let failed = false; !failed; ) {
      const step = afterError(progress, "no");
      ({ progress, failed } = step);
      waits.push(step.waitMs);
    }
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000]);
    expect(progress.batch).toBe(10);
  });
  test("stay within their bounds whatever happens", () => {
    const outcome = fc.record({ rows: fc.nat(50_000), ms: fc.nat(60_000), fails: fc.boolean() });
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 60 }), (outcomes) => {
        let progress = begun;
        for (const { rows, ms, fails } of outcomes) {
          progress = fails ? afterError(progress, "no").progress : afterBatch(progress, { rows, ms }).progress;
          if (progress.batch < 10 || progress.batch > 20_000) return false;
        }
        return true;
      }),
    );
  });
});

describe("a backfill", () => {
  let lab: MigrationLab;
  beforeEach(async () => {
    lab = await openMigrationLab();
    await lab.write({ "migrations/1_t.sql": "create table t (id int primary key, a int);" });
    await migrate(lab.work(SQL), "expand", FIRST);
    await lab.query("insert into t select n from generate_series(1, 2500) n");
    await lab.write({
      "migrations/2_fill.sql":
        "-- stationmaster: backfill\nupdate t set a = id where id in (select id from t where a is null limit :batch);\nupdate t set a = 0 where a = 7 and ':batch' <> 'x';",
    });
    await migrate(lab.work(SQL), "expand", NEXT);
  });
  afterEach(async () => await lab.close());

  const open = async () => (await openBackfills(lab.store.db, { app: "shop", env: "test" }))[0];
  const step = async () => {
    const row = await open();
    if (!row) throw new Error("there is no open backfill");
    return await runBackfill({ db: lab.store.db, row, address: lab.url, redact: (text) => text });
  };
  const filled = async () => (await lab.query<{ n: number }>("select count(a)::int as n from t"))[0]?.n;

  test("goes on batch by batch, from where anybody left it, to its end", async () => {
    expect(await step()).toMatchObject({ ended: false, progress: { rows: 1_000, batches: 1 } });
    expect(await filled()).toBe(1_000);
    // Another controller, with nothing but the store.
    let last = await step();
    expect(last.progress.rows).toBeGreaterThan(1_000);
    while (!last.ended) last = await step();
    expect(last.progress).toMatchObject({ rows: 2_501, statement: 2 });
    expect(await filled()).toBe(2_500);
    expect(await open()).toBeUndefined();
    expect(await migrate(lab.work(SQL), "expand", NEXT)).toMatchObject({ backfill: [], position: 1 });
  });

  test("waits for rows that somebody holds, and says so", async () => {
    const holder = await lab.hold("t");
    await holder.query("lock table t in exclusive mode");
    const row = await open();
    if (!row) throw new Error("there is no open backfill");
    const limits = { lockMs: 200, statementMs: 5_000, totalMs: 10_000 };
    const waited = await runBackfill({ db: lab.store.db, row, address: lab.url, redact: (text) => text, limits });
    expect(waited).toMatchObject({
      ended: false,
      waitMs: 2_000,
      progress: { errors: 1, batch: 500, note: expect.stringContaining("lock timeout") },
    });
    await holder.end();
    expect(await step()).toMatchObject({ progress: { errors: 0, rows: 500, note: null } });
  });

  test("is done by one controller at a time", async () => {
    const row = await open();
    if (!row) throw new Error("there is no open backfill");
    await Promise.all(
      [1, 2, 3].map(() => runBackfill({ db: lab.store.db, row, address: lab.url, redact: (text) => text })),
    );
    expect((await filled()) ?? 0).toBeLessThanOrEqual(2_500);
    let last = await step();
    while (!last.ended) last = await step();
    expect(await filled()).toBe(2_500);
  });

  test("lets the contract migration after it through once it is at its end", async () => {
    await lab.write({ "migrations/3_drop.contract.sql": "alter table t drop column id;" });
    await expect(migrate(lab.work(SQL), "contract", NEXT)).rejects.toMatchObject({ code: "SM-MIGRATION-BACKFILL" });
    while (!(await step()).ended);
    expect(await migrate(lab.work(SQL), "contract", NEXT)).toMatchObject({ applied: ["3_drop.contract"], position: 3 });
  });
});
