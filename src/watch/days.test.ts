import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../store/drizzle.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { readDays } from "./days.ts";
import { tidyHistory } from "./rollup.ts";

const DAY = 86_400_000;
const TODAY = Date.parse("2026-03-10T00:00:00Z");

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

async function bucket(checkId: string, at: number, ok: number, fail: number) {
  await store.db.execute(sql`
    INSERT INTO bucket_minute (check_id, minute, epoch, ok, slow, fail, unknown, skipped, sum_ms, histogram)
    VALUES (${checkId}, ${new Date(at).toISOString()}::timestamptz, 1, ${ok}, 1, ${fail}, 2, 0, 0, '{}')`);
}

test("the days say the same before and after minutes are rolled up, each minute once", async () => {
  for (const day of [0, 1, 2])
    for (const hour of [1, 5, 23]) await bucket("a", TODAY - day * DAY + hour * 3_600_000, 10 + day, hour);
  await bucket("other", TODAY, 1, 1);
  const read = async () => (await readDays(store, ["a"], TODAY - DAY)).sort((x, y) => x.day - y.day);
  const before = await read();
  expect(before).toEqual([
    { checkId: "a", day: TODAY - DAY, ok: 33, slow: 3, fail: 29, unknown: 6 },
    { checkId: "a", day: TODAY, ok: 30, slow: 3, fail: 29, unknown: 6 },
  ]);
  await tidyHistory(store, TODAY + 12 * 3_600_000);
  expect(await read()).toEqual(before);
  await tidyHistory(store, TODAY + DAY + 3_600_000);
  expect(await read()).toEqual(before);
  expect(await readDays(store, [], TODAY)).toEqual([]);
});
