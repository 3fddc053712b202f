import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { recordEvents } from "../watch/state.ts";
import type { VerdictEvent } from "../watch/types.ts";
import { newCheck } from "../watch/verdict.ts";
import { sinceAbout } from "./since.ts";
import type { IncidentRecord } from "./types.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const ONSET = Date.UTC(2026, 2, 1, 12);

async function told(checkId: string, onset: number, about?: number): Promise<void> {
  const event: VerdictEvent = {
    ...{ checkId, environment: "local", service: "api", component: "service", critical: true, everyMs: 1_000 },
    ...{ from: "SUSPECT", to: "DOWN", class: "refused", family: "availability", detail: null },
    ...{ at: onset + 5_000, onset, ...(about === undefined ? {} : { about }) },
  };
  const spec = { id: checkId, environment: "local", service: "api" };
  await recordEvents(store, [{ event, kept: { spec, state: newCheck } }]);
}

test("an incident began about when its checks say so, of the episode it is about", async () => {
  const record = (failed: boolean) =>
    ({
      environment: "local",
      onset: ONSET,
      members: { a: { failed }, b: { failed: true } },
    }) as unknown as IncidentRecord;
  await told("a", ONSET - 3_600_000, ONSET - 3_700_000);
  await told("b", ONSET);
  expect(await sinceAbout(store.db, record(true))).toBeNull();
  await told("a", ONSET, ONSET - 60_000);
  expect(await sinceAbout(store.db, record(true))).toBe(ONSET - 60_000);
  expect(await sinceAbout(store.db, record(false))).toBeNull();
});
