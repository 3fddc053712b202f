import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestStore, type TestStore } from "./testing.ts";
import { keepUnitEnd, unitEnds } from "./unit-ends.ts";
import { insertUnit } from "./units.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

async function end(id: string, host: string, line: string): Promise<void> {
  const unit = { app: "shop", env: "live", rolloutId: "ro-1", service: "web", ordinal: 0, release: "r1" };
  await insertUnit(store.db, {
    ...{ ...unit, id, role: "candidate", generation: 1, state: "stopped" },
    address: { host },
  });
  await keepUnitEnd(store.db, { unitId: id, exit: { code: 1, signal: null }, lines: [line] });
}

const kept = async (ids: readonly string[]) => [...(await unitEnds(store.db, ids)).keys()].sort();

test("the first word on a unit counts", async () => {
  await end("a-0", "h0", "why");
  await end("a-0", "h0", "removed");
  expect((await unitEnds(store.db, ["a-0", "nobody"])).get("a-0")).toMatchObject({
    exit: { code: 1, signal: null },
    lines: ["why"],
  });
});

test("of a service on a host the last twenty are kept, for seven days", async () => {
  const ids = Array.from({ length: 22 }, (_, index) => `w-${String(index).padStart(2, "0")}`);
  for (const id of ids) await end(id, "h1", id);
  await end("x-0", "h2", "elsewhere");
  expect(await kept([...ids, "x-0"])).toEqual([...ids.slice(2), "x-0"]);

  await store.pool.query("update unit_end set at = now() - interval '8 days' where unit_id = 'x-0'");
  await end("y-0", "h3", "later");
  expect(await kept(["x-0", "y-0"])).toEqual(["y-0"]);
});
