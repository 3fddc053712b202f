import { afterAll, beforeAll, expect, test } from "vitest";
import { ExternalError } from "../core/errors.ts";
import { sql } from "../store/drizzle.ts";
import { isDataException, sqlState } from "../store/sql-state.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { createInbox } from "./inbox.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const keep = async (value: string) => void (await store.db.execute(sql`select ${value}::jsonb`));

test.each([
  ["NUL", JSON.stringify("\0")],
  ["half a surrogate pair", JSON.stringify("\ud800")],
  ["NUL as it is", '"\0"'],
])("what the store refuses for what it is (%s) is dropped at once and holds up nothing", async (_, refused) => {
  const reports: unknown[] = [];
  const done: string[] = [];
  const inbox = createInbox((error) => reports.push(error));
  await inbox.add(() => keep(refused));
  await inbox.add(async () => void done.push("next"));
  expect(done).toEqual(["next"]);
  expect(reports).toHaveLength(1);
  expect(isDataException(reports[0])).toBe(true);
});

test("an outage of the store, however long, loses nothing", async () => {
  let isAway = true;
  const done: string[] = [];
  const inbox = createInbox(() => {});
  await inbox.add(async () => {
    if (isAway) throw new ExternalError({ code: "SM-STORE-CONNECT", message: "away", retryable: true });
    done.push("first");
  });
  for (let tries = 0; tries < 1_000; tries++) await inbox.flush();
  isAway = false;
  await inbox.flush();
  expect(done).toEqual(["first"]);
});

test("what fails for another reason stays first in line until it is done", async () => {
  const reports: unknown[] = [];
  const done: string[] = [];
  const inbox = createInbox((error) => reports.push(error));
  let table = "not_there";
  await inbox.add(async () => {
    await store.db.execute(sql.raw(`select count(*) from ${table}`));
    done.push("first");
  });
  await inbox.add(async () => void done.push("next"));
  expect(done).toEqual([]);
  expect(sqlState(reports[0])).toBe("42P01");
  table = "incident";
  await inbox.flush();
  expect(done).toEqual(["first", "next"]);
});
