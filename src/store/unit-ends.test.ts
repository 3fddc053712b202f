import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestStore, type TestStore } from "./testing.ts";
import { keepUnitEnd, mostEnds, unitEnds } from "./unit-ends.ts";
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

test("ends are counted for the replica that ended most often: of its release, by itself, once users had it", async () => {
  const place = { app: "shop", env: "live", service: "loop" };
  const add = async (
    id: string,
    ordinal: number,
    more: { release?: string; role?: "candidate"; stopped?: true } = {},
  ) => {
    const { release = "r2", role = "stable", stopped } = more;
    await insertUnit(store.db, {
      ...{ ...place, id, ordinal, release, role, rolloutId: "ro-1", generation: 1, state: "stopped", address: {} },
    });
    await keepUnitEnd(store.db, { unitId: id, exit: stopped ? null : { code: 1, signal: null }, lines: [] });
  };
  for (const [index, ordinal] of [0, 0, 1].entries()) await add(`l-${index}`, ordinal);
  await add("l-old", 0, { release: "r1" });
  await add("l-new", 0, { role: "candidate" });
  await add("l-stopped", 0, { stopped: true });
  const since = (minutes: number) => ({ since: new Date(Date.now() - minutes * 60_000) });
  expect(await mostEnds(store.db, { ...place, release: "r2", ...since(10) })).toBe(2);
  expect(await mostEnds(store.db, { ...place, ...since(10) })).toBe(3);
  expect(await mostEnds(store.db, { ...place, release: "r2", host: "h1", ...since(10) })).toBe(0);
  expect(await mostEnds(store.db, { ...place, release: "r2", ...since(-10) })).toBe(0);
});
