import { afterAll, beforeAll, expect, test } from "vitest";
import { type Clock, systemClock } from "../core/clock.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { createGate } from "./gate.ts";
import { createKeeper } from "./keeper.ts";
import { RawResults } from "./raw.ts";
import { Series } from "./series.ts";
import { type Kept, saveStates } from "./state.ts";
import { until } from "./testing.ts";
import { newCheck } from "./verdict.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const kept = (id: string, verdict: "UP" | "DOWN"): Kept => ({
  spec: { id, environment: "local", service: null },
  state: { ...newCheck, verdict },
});

async function stored(id: string): Promise<string | undefined> {
  return (await store.pool.query("select verdict from check_state where check_id = $1", [id])).rows[0]?.verdict;
}

function keeperOf(
  isBeingTold: (id: string) => boolean,
  { clock = systemClock, onTidy = async () => {} }: { clock?: Clock; onTidy?: () => Promise<void> } = {},
) {
  const gate = createGate(clock);
  const series = new Series({ store, clock, gate });
  const keeper = createKeeper({
    ...{ store, clock, gate, series, raw: new RawResults(), isBeingTold, onTidy },
    ...{
      onProblem: (_what: string, error: unknown) => {
        throw error;
      },
    },
  });
  return { gate, keeper };
}

test("a state that was written in between is not overwritten by the older one that waited", async () => {
  const { gate, keeper } = keeperOf(() => false);
  const before = Promise.withResolvers<void>();
  void gate.write(() => before.promise);
  for (let index = 0; index <= 500; index++) keeper.changed(kept(`order-${index}`, "UP"));
  const stopped = keeper.stop(30_000);
  await systemClock.sleep(10);
  // More states than one write takes: this one comes between the two.
  const down = kept("order-500", "DOWN");
  keeper.changed(down);
  const told = gate.write(() => saveStates(store.db, [down]));
  before.resolve();
  await Promise.all([stopped, told]);
  expect(await stored("order-500")).toBe("DOWN");
  expect(await stored("order-0")).toBe("UP");
});

test("a verdict that nobody was told yet is not written ahead of its event", async () => {
  const { keeper } = keeperOf((id) => id === "untold");
  keeper.changed(kept("untold", "DOWN"));
  keeper.changed(kept("told", "DOWN"));
  await keeper.stop(30_000);
  expect(await stored("told")).toBe("DOWN");
  expect(await stored("untold")).toBeUndefined();
});

test("a clock of the database that leapt ahead by a year removes nothing of the last days", async () => {
  await store.pool.query(
    "insert into tidy_clock (seen, believed) select t, t from (select now() - interval '1 year' as t) as beginning",
  );
  await store.pool.query(
    `INSERT INTO bucket_minute (check_id, minute, epoch, ok, slow, fail, unknown, skipped, sum_ms, histogram)
     VALUES ('kept', date_trunc('minute', now() - interval '1 year'), 1, 1, 0, 0, 0, 0, 1, '{}')`,
  );
  const begun = performance.now();
  // An hour in 36 s, so that the first look comes soon.
  const clock = { ...systemClock, monotonic: () => begun + (performance.now() - begun) * 100 };
  let tidied = false;
  const { keeper } = keeperOf(() => false, {
    clock,
    onTidy: async () => {
      tidied = true;
    },
  });
  keeper.start();
  await until("a look", () => tidied);
  await keeper.stop(5_000);
  const { rows } = await store.pool.query("select check_id from bucket_minute union select check_id from bucket_hour");
  expect(rows).toEqual([{ check_id: "kept" }]);
});
