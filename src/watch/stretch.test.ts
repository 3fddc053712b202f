import { expect, test } from "vitest";
import { createHeap } from "./heap.ts";
import { phaseOf, Schedule, type Timed } from "./schedule.ts";

const EVERY_MS = 30_000;
const TIMEOUT_MS = 10_000;
const BEGINS_AT = 60_000;
/** From the first failure of a check to its confirmations. */
const RECHECKS_MS = [3_000, 10_000];

interface Outage {
  checks: readonly Timed[];
  mostSlots: number;
  /** Every run times out from `BEGINS_AT` until then. */
  endsAt: number;
  untilMs: number;
}

/** Plays an outage of all targets; answers when each check ran, and how many ran less often. */
function play({ checks, mostSlots, endsAt, untilMs }: Outage) {
  const schedule = new Schedule({ mostSlots, random: () => 0.5 });
  schedule.set(checks, 0);
  const ends = createHeap<() => void>();
  const runs = new Map<string, number[]>(checks.map(({ id }) => [id, []]));
  const failures = new Map<string, number>();
  let slowedAtEnd = 0;
  for (let now = 0; now < untilMs; ) {
    for (const start of schedule.take(now)) {
      runs.get(start.id)?.push(now);
      const timedOut = now >= BEGINS_AT && now < endsAt;
      const endedAt = now + (timedOut ? TIMEOUT_MS : 20);
      ends.push(endedAt, () => {
        const before = failures.get(start.id) ?? 0;
        failures.set(start.id, timedOut ? before + 1 : 0);
        const inMs = timedOut ? RECHECKS_MS[before] : undefined;
        if (inMs !== undefined) schedule.confirm(start.id, endedAt + inMs);
        schedule.finish(start, { timedOut }, endedAt);
      });
    }
    if (now < endsAt) slowedAtEnd = schedule.figures().slowed;
    now = Math.min(schedule.next() ?? untilMs, ends.peek()?.at ?? untilMs);
    for (let end = ends.peek(); end && end.at <= now; end = ends.peek()) {
      ends.pop();
      end.value();
    }
  }
  return { runs, slowedAtEnd, slowedNow: schedule.figures().slowed };
}

function checksOf(count: number, target: (index: number) => string): Timed[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ id: `c-${index}`, everyMs: EVERY_MS, critical: false, target: target(index) },
  }));
}

test("a hundred targets that time out at once find room: in the end none of their checks runs less often", () => {
  const { slowedAtEnd } = play({
    checks: checksOf(100, (index) => `10.0.0.${index} 80`),
    ...{ mostSlots: 1_024, endsAt: 300_000, untilMs: 300_000 },
  });
  expect(slowedAtEnd).toBe(0);
});

test.each([
  ["slots", { checks: checksOf(100, (index) => `10.0.0.${index} 80`), mostSlots: 40 }],
  ["one target that all of them ask", { checks: checksOf(30, () => "10.0.0.1 80"), mostSlots: 1_024 }],
])("too little room, of %s: once the outage is over, each is back in its rhythm within two intervals", (_, outage) => {
  const endsAt = 600_000;
  const { runs, slowedAtEnd, slowedNow } = play({ ...outage, endsAt, untilMs: endsAt + 5 * EVERY_MS });
  expect(slowedAtEnd).toBeGreaterThan(0);
  expect(slowedNow).toBe(0);
  // What had begun before the end, and what waited behind it, takes one interval.
  const calmAt = endsAt + EVERY_MS;
  for (const [id, times] of runs) {
    const after = times.filter((at) => at >= calmAt);
    expect(after[0]).toBeLessThanOrEqual(calmAt + EVERY_MS);
    for (const [index, at] of after.entries()) {
      expect(Math.abs(((at - phaseOf(id, EVERY_MS)) / EVERY_MS) % 1)).toBeCloseTo(0, 6);
      if (index > 0) expect(at - (after[index - 1] ?? 0)).toBeCloseTo(EVERY_MS, 6);
    }
  }
});
