import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { createGate } from "./gate.ts";
import { forgetStates, undelivered } from "./state.ts";
import { createTeller } from "./teller.ts";
import { until } from "./testing.ts";
import type { VerdictEvent } from "./types.ts";
import { newCheck } from "./verdict.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

function change(environment: string, check: number, at: number) {
  const checkId = `${environment}/check/${check}`;
  const event: VerdictEvent = {
    ...{ checkId, environment, service: null, component: "a", critical: false, everyMs: 1_000 },
    ...{ from: "UP", to: "DOWN", class: "refused", family: "availability", detail: null, at, onset: at },
  };
  const kept = { spec: { id: checkId, environment, service: null }, state: { ...newCheck, verdict: "DOWN" as const } };
  return { event, kept };
}

function tellerOf(environment: string, onVerdict: (event: VerdictEvent) => Promise<void> | void) {
  return createTeller({
    ...{ store, environment, clock: systemClock, gate: createGate(systemClock), onVerdict, shared: false },
    onProblem: () => {},
  });
}

const recorded = async (environment: string) =>
  (await store.pool.query("select count(*)::int as n from verdict_event where environment = $1", [environment])).rows[0]
    .n;

test("what is not taken waits in the store beyond a bound, and comes in order and once when it is taken again", async () => {
  const gone = Promise.withResolvers<void>();
  const told: VerdictEvent[] = [];
  let waiting = 0;
  const teller = tellerOf("many", async (event) => {
    waiting++;
    await gone.promise;
    told.push(event);
  });
  teller.begin();
  const [checks, changes] = [1_300, 2];
  for (let at = 1; at <= changes; at++) {
    for (let check = 0; check < checks; check++) {
      const { event, kept } = change("many", check, at);
      teller.send(event, kept);
    }
    await until("recorded", async () => (await recorded("many")) === at * checks);
  }
  // Each check's first change is brought; more than a thousand are not held for that.
  expect(waiting).toBeLessThanOrEqual(1_000);
  gone.resolve();
  await until("told", () => told.length >= checks * changes);
  await until("noted", async () => (await undelivered(store, { environment: "many" })).length === 0);
  expect(told).toHaveLength(checks * changes);
  for (const events of Map.groupBy(told, ({ checkId }) => checkId).values())
    expect(events.map(({ at }) => at)).toEqual([1, 2]);
  await teller.stop(5_000);
});

test("changes of one check that cannot be written have a bound", async () => {
  const teller = tellerOf("bound", () => {});
  teller.begin();
  await store.pool.query("alter table verdict_event rename to elsewhere");
  const { event, kept } = change("bound", 1, 1);
  for (let sent = 0; sent < 99; sent++) teller.send(event, kept);
  expect([teller.isFull(event.checkId), teller.isRecording(event.checkId)]).toEqual([false, true]);
  teller.send(event, kept);
  expect(teller.isFull(event.checkId)).toBe(true);
  await store.pool.query("alter table elsewhere rename to verdict_event");
  await until("written", () => !teller.isRecording(event.checkId));
  expect(teller.isFull(event.checkId)).toBe(false);
  await teller.stop(5_000);
});

test("of a check that ended nothing is told any more", async () => {
  const teller = tellerOf("ended", () => Promise.reject(new Error("not now")));
  teller.begin();
  const { event, kept } = change("ended", 1, 1);
  teller.send(event, kept);
  await until("recorded", async () => (await recorded("ended")) === 1);
  await teller.stop(10);
  await forgetStates(store, "ended", []);
  expect(await undelivered(store, { environment: "ended" })).toEqual([]);
});
