import { afterAll, beforeAll, expect, test } from "vitest";
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
