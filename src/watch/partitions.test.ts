import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { DAY_MS, MINUTE_MS } from "./buckets.ts";
import { planPartitions } from "./partitions.ts";
import { tidyHistory } from "./rollup.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const NOW = Date.UTC(2026, 2, 10, 12);
const at = (now: number) => ({ now, before: Math.floor(now / DAY_MS) * DAY_MS - 7 * DAY_MS });
const created = (names: string[], now = NOW) => planPartitions(names, at(now)).create.map(({ name }) => name);

test("every day from today on has a partition a week before it begins, each once", () => {
  const first = created([]);
  expect(first).toHaveLength(8);
  expect(first.at(0)).toBe("bucket_minute_on_20260310");
  expect(first.at(-1)).toBe("bucket_minute_on_20260317");
  expect(created(first)).toEqual([]);
  expect(created(first, NOW + DAY_MS)).toEqual(["bucket_minute_on_20260318"]);
  expect(created(["bucket_minute_until_20260312", "bucket_minute_other"]).at(0)).toBe("bucket_minute_on_20260312");
});

test("a partition goes when nothing in it is as young as what is kept", () => {
  const names = [
    "bucket_minute_until_20260302",
    "bucket_minute_on_20260302",
    "bucket_minute_on_20260303",
    "bucket_minute_other",
  ];
  expect(planPartitions(names, at(NOW)).drop).toEqual(names.slice(0, 2));
  expect(planPartitions(names, at(NOW - DAY_MS)).drop).toEqual(names.slice(0, 1));
});

async function partitions(): Promise<string[]> {
  const { rows } = await store.pool.query(
    "select relname from pg_inherits join pg_class on pg_class.oid = inhrelid where inhparent = 'bucket_minute'::regclass order by 1",
  );
  return rows.map(({ relname }) => relname);
}

async function insert(...minutes: number[]): Promise<void> {
  for (const minute of minutes)
    await store.pool.query(
      `INSERT INTO bucket_minute (check_id, minute, epoch, ok, slow, fail, unknown, skipped, sum_ms, histogram)
       VALUES ('p', $1, 1, 1, 0, 0, 0, 0, 1, '{}')`,
      [new Date(minute)],
    );
}

test("days come and go in the store; one that began before it had a partition is swept, and the rest stays", async () => {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const start = today + 30 * DAY_MS;
  // The daemon was off for a month: what it writes first has no day of its own.
  await insert(start);
  await tidyHistory(store, start + MINUTE_MS);
  const day = (n: number) =>
    `bucket_minute_on_${new Date(start + n * DAY_MS).toISOString().slice(0, 10).replaceAll("-", "")}`;
  expect(await partitions()).toEqual([...Array.from({ length: 7 }, (_, n) => day(n + 1)), "bucket_minute_other"]);
  await insert(start + DAY_MS, start + 2 * DAY_MS);
  const where = async () =>
    (await store.pool.query("select tableoid::regclass::text as name from bucket_minute order by minute")).rows.map(
      ({ name }) => name,
    );
  expect(await where()).toEqual(["bucket_minute_other", day(1), day(2)]);
  await tidyHistory(store, start + 8 * DAY_MS + MINUTE_MS);
  expect(await where()).toEqual([day(1), day(2)]);
  await tidyHistory(store, start + 9 * DAY_MS + MINUTE_MS);
  expect(await where()).toEqual([day(2)]);
  expect(await partitions()).not.toContain(day(1));
});

test("who reads the minutes for long keeps their days, and nothing else, from being tidied up", async () => {
  const now = Date.now();
  const hours = async () => (await store.pool.query("select 1 from bucket_hour where check_id = 'old'")).rowCount;
  await store.pool.query(
    `INSERT INTO bucket_hour (check_id, at, ok, slow, fail, unknown, skipped, maintenance, blips, sum_ms, histogram)
     VALUES ('old', $1, 1, 0, 0, 0, 0, 0, 0, 1, '{}')`,
    [new Date(now - 100 * DAY_MS)],
  );
  const reader = await store.pool.connect();
  await reader.query("begin; set local idle_in_transaction_session_timeout = 0; select 1 from bucket_minute");
  await expect(tidyHistory(store, now + 60 * DAY_MS, now)).rejects.toThrow();
  expect(await hours()).toBe(0);
  await reader.query("rollback");
  reader.release();
  await tidyHistory(store, now + 60 * DAY_MS, now);
});
