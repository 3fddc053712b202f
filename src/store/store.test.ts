import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../test/lab/until.ts";
import { isStoreAway } from "./away.ts";
import type { Queryable } from "./connect.ts";
import { getTableColumns, getTableName, is, PgTable } from "./drizzle.ts";
import * as tables from "./tables/index.ts";
import { openTestStore, type TestStore } from "./testing.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

test("the tables in code are the tables that the migrations make", async () => {
  const found = Object.values(tables).filter((table) => is(table, PgTable));
  expect(found.length).toBeGreaterThan(5);
  for (const table of found) {
    const columns = await store.pool.query(
      "select column_name from information_schema.columns where table_schema = current_schema() and table_name = $1",
      [getTableName(table)],
    );
    const actual = columns.rows.map((row: { column_name: string }) => row.column_name).sort();
    expect(
      Object.values(getTableColumns(table))
        .map((column) => column.name)
        .sort(),
      getTableName(table),
    ).toEqual(actual);
  }
});

test("a connection that dies within a transaction, or beside its queries, ends neither the process nor the store", async () => {
  const end = async (pid: number) => void (await store.pool.query("select pg_terminate_backend($1)", [pid]));
  const pidIn = async (db: Queryable) => Number((await db.execute("select pg_backend_pid() as pid")).rows[0]?.pid);
  const between = store.db.transaction(async (transaction) => {
    const pid = await pidIn(transaction);
    await end(pid);
    const there = "select 1 from pg_stat_activity where pid = $1";
    await until("its end", async () => (await store.pool.query(there, [pid])).rowCount === 0);
    // Until this side has noticed.
    await delay(500);
    await pidIn(transaction);
  });
  await expect(between).rejects.toSatisfy(isStoreAway);
  const within = store.db.transaction(async (transaction) => {
    const pid = await pidIn(transaction);
    await Promise.all([transaction.execute("select pg_sleep(20)"), end(pid)]);
  });
  await expect(within).rejects.toSatisfy(isStoreAway);
  expect((await store.pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});
