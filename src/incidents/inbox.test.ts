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
  const added = inbox.add(async () => {
    if (isAway) throw new ExternalError({ code: "SM-STORE-CONNECT", message: "away", retryable: true });
    done.push("first");
  });
  for (let tries = 0; tries < 1_000; tries++) await inbox.flush();
  isAway = false;
  await inbox.flush();
  await added;
  expect(done).toEqual(["first"]);
});

test("what fails for another reason stays first in line until it is done", async () => {
  const reports: unknown[] = [];
  const done: string[] = [];
  const inbox = createInbox((error) => reports.push(error));
  let table = "not_there";
  const added = [
    inbox.add(async () => {
      await store.db.execute(sql.raw(`select count(*) from ${table}`));
      done.push("first");
    }),
    inbox.add(async () => void done.push("next")),
  ];
  await inbox.flush();
  expect(done).toEqual([]);
  expect(sqlState(reports[0])).toBe("42P01");
  table = "incident";
  await inbox.flush();
  await Promise.all(added);
  expect(done).toEqual(["first", "next"]);
});

/** As the database says it. */
const refused = (code: string) =>
  store.db.execute(sql.raw(`DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`));

test("what is brought is refused to its sender until it is done, and never for good where the store has no room", async () => {
  const inbox = createInbox(() => {});
  const full: unknown = await refused("53100").catch((error: unknown) => error);
  let isFull = true;
  const piece = async () => {
    if (isFull) throw full;
  };
  for (let tries = 0; tries < 1_000; tries++) await expect(inbox.bring("a", piece)).rejects.toThrow();
  isFull = false;
  await inbox.bring("a", piece);
});

test("what is brought and can never be done is given up, at once or in time, and said", async () => {
  const reports: unknown[] = [];
  const inbox = createInbox((error) => reports.push(error));
  await inbox.bring("a", () => keep(JSON.stringify("\0")));
  expect(reports).toHaveLength(1);
  const bug = () => Promise.reject(new TypeError("no such property"));
  for (let tries = 1; tries < 600; tries++) await expect(inbox.bring("b", bug)).rejects.toThrow("no such property");
  await inbox.bring("b", bug);
  expect(reports).toHaveLength(2);
});

test("what waits when it closes is not done, and who added it is told", async () => {
  const inbox = createInbox(() => {});
  const added = inbox.add(() => Promise.reject(new Error("not now")));
  const ended = expect(added).rejects.toThrow("closed");
  await inbox.flush();
  await inbox.close();
  await ended;
});
