import { afterEach, expect, test, vi } from "vitest";
import { type Clock, systemClock } from "../core/clock.ts";
import { MINUTE_MS } from "./buckets.ts";
import type { RunReport } from "./probes/run.ts";
import { spec, until, watchBench } from "./testing.ts";

const { target, watching, rows } = watchBench();
const HOUR_MS = 3_600_000;
const PARIS = "Europe/Paris";

afterEach(() => void vi.unstubAllEnvs());

/** A wall clock that is as far off as a test says; the monotonic one never jumps. */
function offClock(): Clock & { off: number } {
  const clock = { ...systemClock, off: 0, now: () => Date.now() + clock.off };
  return clock;
}

async function storedRuns(id: string): Promise<Record<string, number>> {
  const stored = await rows(
    "select minute, sum(ok + slow + fail + unknown)::int as runs from bucket_minute where check_id = $1 group by 1",
    [id],
  );
  return Object.fromEntries(stored.map(({ minute, runs }) => [minute.getTime(), runs]));
}

function runsByMinute(results: readonly RunReport[]): Record<string, number> {
  const minutes: Record<string, number> = {};
  for (const { startedAt, kind } of results) {
    if (kind !== "scheduled") continue;
    const minute = Math.floor(startedAt / MINUTE_MS) * MINUTE_MS;
    minutes[minute] = (minutes[minute] ?? 0) + 1;
  }
  return minutes;
}

test.each([
  ["forward", HOUR_MS],
  ["back", -HOUR_MS],
])("the wall clock jumps an hour %s: the rhythm, the verdict and the minutes stay right", async (id, jump) => {
  const api = await target();
  const clock = offClock();
  const { watch, path, results } = await watching([spec(id, api.port)], { clock });
  await until("UP", () => path().includes("UP"));
  clock.off = jump;
  const atJump = results.length;
  await until("it goes on", () => results.length > atJump + 20);
  expect(path()).toEqual(["UP"]);
  expect(results.filter(({ outcome }) => outcome !== "ok")).toEqual([]);

  await api.down();
  await until("SUSPECT", () => path().includes("SUSPECT"));
  clock.off = 0;
  await until("DOWN", () => path().includes("DOWN"));
  clock.off = jump;
  await api.up();
  await until("UP again", () => path().at(-1) === "UP");
  expect(path()).toEqual(["UP", "SUSPECT", "DOWN", "UP"]);
  await watch.stop();
  expect(await storedRuns(id)).toEqual(runsByMinute(results));
  const [{ skipped }] = await rows("select sum(skipped)::int as skipped from bucket_minute where check_id = $1", [id]);
  // An hour that counted would be thousands; a busy machine may leave out a few.
  expect(skipped).toBeLessThan(50);
});

test.each([
  ["spring", "2026-03-29T01:00:00Z"],
  ["autumn", "2026-10-25T01:00:00Z"],
])("the clocks change in %s: nothing happens", async (id, at) => {
  vi.stubEnv("TZ", PARIS);
  const change = Date.parse(at);
  const zoneAt = (ms: number) => new Date(ms).getTimezoneOffset();
  expect(zoneAt(change - 1)).not.toBe(zoneAt(change));
  const api = await target();
  const clock = offClock();
  clock.off = change - 2_000 - Date.now();
  const { watch, path, results } = await watching([spec(id, api.port)], { clock });
  await until("the change is over", () => clock.now() > change + 2_000);
  await watch.stop();
  expect(path()).toEqual(["UP"]);
  expect(results.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
  const stored = await storedRuns(id);
  expect(stored).toEqual(runsByMinute(results));
  expect(Object.keys(stored).map(Number)).toEqual([change - MINUTE_MS, change]);
});
