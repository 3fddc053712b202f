import { afterAll, beforeAll, expect, test } from "vitest";
import { appendLedger, readLedger, verifyLedger } from "./ledger.ts";
import { openTestStore, type TestStore } from "./testing.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      appendLedger(store, {
        actor: "test",
        action: "deploy",
        subject: `r${i}`,
        detail: { z: i, a: { c: [1, null], b: "ü" } },
      }),
    ),
  );
});
afterAll(() => store.drop());

/** Does what only the owner of the database can: changes the table behind the back of its triggers. Undone afterwards. */
async function tampered(statement: string) {
  const client = await store.pool.connect();
  try {
    await client.query("begin");
    await client.query("set local session_replication_role = replica");
    await client.query(statement);
    await client.query("set local session_replication_role = origin");
    const { drizzle } = await import("drizzle-orm/node-postgres");
    return await verifyLedger(drizzle(client) as never);
  } finally {
    await client.query("rollback");
    client.release();
  }
}

test("entries written at the same moment make one chain", async () => {
  expect(await verifyLedger(store.db)).toMatchObject({ intact: true, entries: 12 });
  expect((await readLedger(store.db, 3)).map(({ seq }) => seq)).toEqual([12, 11, 10]);
});

test.each([
  { what: "a change", statement: "update ledger set actor = 'mallory' where seq = 5", brokenAt: 5 },
  {
    what: "a change of a detail",
    statement: `update ledger set detail = detail || '{"z": 99}' where seq = 7`,
    brokenAt: 7,
  },
  { what: "a change of a time", statement: "update ledger set at = at + interval '1 ms' where seq = 2", brokenAt: 2 },
  { what: "a removal", statement: "delete from ledger where seq = 6", brokenAt: 7 },
  { what: "a removal of the first", statement: "delete from ledger where seq = 1", brokenAt: 2 },
  {
    what: "an insertion",
    statement:
      "update ledger set seq = seq + 100 where seq > 8; insert into ledger select 9, at, 'mallory', action, subject, detail, (select hash from ledger where seq = 8), hash from ledger where seq = 8; update ledger set seq = seq - 99 where seq > 100",
    brokenAt: 9,
  },
  {
    what: "two that changed places",
    statement:
      "update ledger set seq = case seq when 3 then -4 else -3 end where seq in (3, 4); update ledger set seq = -seq where seq < 0",
    brokenAt: 3,
  },
])("$what is found", async ({ statement, brokenAt }) => {
  expect(await tampered(statement)).toMatchObject({ intact: false, brokenAt });
  expect(await verifyLedger(store.db)).toMatchObject({ intact: true });
});

test("the end that was cut off shows in the head", async () => {
  const whole = await verifyLedger(store.db);
  const cut = await tampered("delete from ledger where seq = 12");
  expect(cut).toMatchObject({ intact: true, entries: 11 });
  expect(cut).not.toMatchObject({ head: (whole as { head: string }).head });
});

test("the table refuses every change", async () => {
  for (const statement of ["update ledger set actor = 'x'", "delete from ledger", "truncate ledger"])
    await expect(store.pool.query(statement)).rejects.toThrow("append-only");
});
