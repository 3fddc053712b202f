import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { forgetStates, loadStates, saveStates } from "./state.ts";
import { type Steady, steadied } from "./steady.ts";
import { newCheck } from "./verdict.ts";

const EVERY_MS = 30_000;
const SPEC = { id: "local/app/health", environment: "local", service: "app", everyMs: EVERY_MS };

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

/** What runs at these times leave behind, in seconds. */
const after = (...seconds: number[]) =>
  seconds.reduce<Steady | null>(
    (known, at) => steadied(known, { startedAt: at * 1_000, outcome: "ok" }, EVERY_MS),
    null,
  );

test("runs up to two intervals apart are one stretch; a longer gap begins anew", () => {
  expect(after(0, 30, 61, 90)).toEqual({ since: 0, until: 150_000 });
  expect(after(0, 30, 90, 150)).toEqual({ since: 0, until: 210_000 });
  expect(after(0, 30, 91, 120)).toEqual({ since: 91_000, until: 180_000 });
});

test("a check that is stretched to eight times its interval is never looked at for long", () => {
  expect(after(0, 240, 480, 720)).toEqual({ since: 720_000, until: 780_000 });
});

test("a failure is a look; a run that learned nothing is none", () => {
  const known = { since: 0, until: 60_000 };
  expect(steadied(known, { startedAt: 30_000, outcome: "fail" }, EVERY_MS)).toEqual({ since: 0, until: 90_000 });
  expect(steadied(known, { startedAt: 30_000, outcome: "unknown" }, EVERY_MS)).toEqual(known);
});

test("another process goes on where the last one was, and a check that ended leaves nothing", async () => {
  const steady = { since: 1_700_000_000_000, until: 1_700_000_060_000 };
  await saveStates(store.db, [{ spec: SPEC, state: { ...newCheck, steady } }]);
  const kept = async () => (await loadStates(store, [SPEC], steady.until)).get(SPEC.id)?.state.steady;
  expect(await kept()).toEqual(steady);
  await forgetStates(store, "local", []);
  expect(await kept()).toBeNull();
});
