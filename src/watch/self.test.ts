import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import { createRedactor } from "../core/redact.ts";
import { openTestStore, type TestStore } from "../store/testing.ts";
import { createSelfWatch, SELF_BEAT_MS } from "./self.ts";
import { saveStates } from "./state.ts";
import type { Statement } from "./synthetic.ts";
import { spec } from "./testing.ts";
import { newCheck } from "./verdict.ts";
import { createWatch, type Watch } from "./watch.ts";
import { shardOf } from "./workers/shards.ts";
import { shareWatch } from "./workers/shared.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

const MINUTES = 60_000;

/** Looks every 5 s for `ms`; answers what was said. */
async function lookFor(ms: number, watch: Pick<Watch, "verdicts">, pauseAfter = Number.POSITIVE_INFINITY) {
  let now = 0;
  const said: Statement["verdict"][] = [];
  const say = async ({ verdict }: Statement) => void said.push(verdict);
  const look = createSelfWatch(
    { environment: "local", clock: { monotonic: () => now } },
    { verdicts: () => watch.verdicts(), say },
  );
  for (let passed = 0; passed <= ms; passed += SELF_BEAT_MS) {
    await look();
    now += passed === pauseAfter ? 20 * MINUTES : SELF_BEAT_MS;
  }
  return said;
}

const unseen = { id: "a", type: "http", service: null, critical: false, verdict: "UNKNOWN" } as const;
const blind = { verdicts: () => [unseen] };

test("ten minutes of UNKNOWN are told; a pause in between was not looked at and does not count", async () => {
  expect(await lookFor(9 * MINUTES, blind)).toEqual([]);
  expect(await lookFor(11 * MINUTES, blind)).toEqual(["DOWN"]);
  expect(await lookFor(9 * MINUTES, blind, 2 * MINUTES)).toEqual([]);
});

test("jobs that have not called yet are no trouble of the prober", async () => {
  const waiting = { ...unseen, id: "job", type: "heartbeat" } as const;
  expect(await lookFor(11 * MINUTES, { verdicts: () => [waiting] })).toEqual([]);
  expect(await lookFor(11 * MINUTES, { verdicts: () => [waiting, unseen] })).toEqual(["DOWN"]);
});

test("what the store did not take in half a minute is told again at once", async () => {
  let [now, tries] = [0, 0];
  const say = async () => {
    tries++;
    now += 30_000;
    throw new Error("the store is away");
  };
  const look = createSelfWatch({ environment: "local", clock: { monotonic: () => now } }, { ...blind, say });
  for (; now <= 11 * MINUTES; now += SELF_BEAT_MS) await look().catch(() => {});
  expect(tries).toBeGreaterThan(1);
});

test("a worker that sees nothing itself is not blind while another one sees", async () => {
  const [mine, theirs] = [spec("local/api/health", 1), spec("local/web/health", 1)];
  expect(shardOf(mine.id)).not.toBe(shardOf(theirs.id));
  const watch = createWatch({
    ...{ store, environment: "local", clock: systemClock, redact: createRedactor(), shared: true },
    ...{ processes: () => Promise.reject(new Error("unused")), onVerdict: () => {} },
  });
  const owned = new Map([[shardOf(mine.id), 1]]);
  const shared = shareWatch({
    ...{ watch, store, clock: systemClock, redact: (text: string) => text },
    ...{ owned: () => owned, askOthers: () => {} },
  });
  await saveStates(store.db, [{ spec: theirs, state: { ...newCheck, verdict: "UP" } }]);
  await shared.setChecks([mine, theirs]);
  await shared.share();
  expect(watch.verdicts().map(({ verdict }) => verdict)).toEqual(["UNKNOWN"]);
  expect(await lookFor(11 * MINUTES, shared)).toEqual(["UP"]);
  await watch.stop();
});
