import fc from "fast-check";
import { expect, test } from "vitest";
import type { Start } from "./entry.ts";
import { createHeap } from "./heap.ts";
import { phaseOf, Schedule } from "./schedule.ts";

interface Run extends Start {
  startedAt: number;
  endedAt: number;
}

interface Scenario {
  checks: { id: string; everyMs: number; durationMs: number; critical?: boolean; target?: string }[];
  slots: number;
  mostSlots?: number;
  untilMs: number;
  timedOutAbove?: number;
}

/** Plays the schedule on a virtual clock; every run takes its check's duration. */
function play(
  { checks, slots, mostSlots = slots, untilMs, timedOutAbove = Number.POSITIVE_INFINITY }: Scenario,
  random: () => number,
) {
  let skipped = 0;
  let mostRunning = 0;
  let mostSlow = 0;
  const schedule = new Schedule({
    slots,
    mostSlots,
    random,
    onSkipped: (_, count) => {
      skipped += count;
    },
  });
  const origin = 12_345.678;
  schedule.set(checks, origin);
  const duration = new Map(checks.map((check) => [check.id, check.durationMs]));
  const ends = createHeap<{ start: Start; slow: boolean }>();
  const wasSlow = new Map<string, boolean>();
  const runs: Run[] = [];
  let running = 0;
  let slow = 0;
  for (let now = origin; now <= origin + untilMs; ) {
    for (const start of schedule.take(now)) {
      const endedAt = now + (duration.get(start.id) ?? 0);
      runs.push({ ...start, startedAt: now, endedAt });
      const inSlowLane = wasSlow.get(start.id) ?? false;
      ends.push(endedAt, { start, slow: inSlowLane });
      running++;
      if (inSlowLane) slow++;
    }
    mostRunning = Math.max(mostRunning, running);
    mostSlow = Math.max(mostSlow, slow);
    const end = ends.peek();
    const next = schedule.next() ?? Number.POSITIVE_INFINITY;
    if (end && end.at <= next) {
      ends.pop();
      now = Math.max(now, end.at);
      const timedOut = (duration.get(end.value.start.id) ?? 0) > timedOutAbove;
      wasSlow.set(end.value.start.id, timedOut);
      running--;
      if (end.value.slow) slow--;
      schedule.finish(end.value.start, { timedOut }, now);
    } else now = Math.max(now, next);
  }
  return { runs, skipped, mostRunning, mostSlow, origin, figures: schedule.figures() };
}

const scenario = fc.record({
  checks: fc
    .array(
      fc.record({
        everyMs: fc.constantFrom(1_000, 5_000, 30_000, 60_000, 7_001),
        durationMs: fc.integer({ min: 1, max: 20_000 }),
      }),
      { minLength: 1, maxLength: 25 },
    )
    .map((list) => list.map((check, index) => ({ id: `check-${index}`, ...check }))),
  slots: fc.integer({ min: 2, max: 12 }),
  untilMs: fc.constant(200_000),
  timedOutAbove: fc.constant(5_000),
});
const seeded = (seed: number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

test("no check overlaps itself, slots hold, and the slow lane takes at most half of them", () => {
  fc.assert(
    fc.property(scenario, fc.nat(), (given, seed) => {
      const { runs, mostRunning, mostSlow } = play(given, seeded(seed));
      expect(mostRunning).toBeLessThanOrEqual(given.slots);
      expect(mostSlow).toBeLessThanOrEqual(Math.floor(given.slots / 2));
      const lastEnd = new Map<string, number>();
      for (const run of runs) {
        expect(run.startedAt).toBeGreaterThanOrEqual(lastEnd.get(run.id) ?? 0);
        lastEnd.set(run.id, run.endedAt);
      }
    }),
    { numRuns: 50 },
  );
});

test("with free slots there is no drift, every check starts within its interval plus jitter, and nothing is skipped", () => {
  fc.assert(
    fc.property(scenario, fc.nat(), (given, seed) => {
      const checks = given.checks.map((check) => ({
        ...check,
        durationMs: Math.min(check.durationMs, check.everyMs / 2),
      }));
      const { runs, skipped, origin } = play({ ...given, checks, slots: 100 }, seeded(seed));
      expect(skipped).toBe(0);
      for (const { id, everyMs } of checks) {
        const own = runs.filter((run) => run.id === id);
        const jitter = Math.min(3_000, everyMs * 0.05);
        expect(own[0]?.startedAt ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(origin + everyMs + jitter);
        for (const [index, run] of own.entries()) {
          expect(run.plannedAt).toBeCloseTo((own[0]?.plannedAt ?? 0) + index * everyMs, 6);
          expect(Math.abs(run.startedAt - run.plannedAt)).toBeLessThanOrEqual(jitter + 1e-6);
        }
        expect((((own[0]?.plannedAt ?? 0) - phaseOf(id, everyMs)) / everyMs) % 1).toBeCloseTo(0, 6);
      }
    }),
    { numRuns: 50 },
  );
});

test("a run longer than its interval skips the next one instead of queueing it", () => {
  const { runs, skipped } = play(
    { checks: [{ id: "a", everyMs: 1_000, durationMs: 1_500 }], slots: 4, untilMs: 20_000 },
    () => 0.5,
  );
  expect(runs.length).toBeGreaterThanOrEqual(9);
  expect(skipped).toBeGreaterThanOrEqual(8);
});

test("confirmations go first, wait for the run under way, and can be dropped", () => {
  const schedule = new Schedule({ slots: 1, mostSlots: 1, random: () => 0.5 });
  const checks = ["a", "b", "c"].map((id) => ({ id, everyMs: 1_000 }));
  schedule.set(checks, 0);
  const first = schedule.take(1_000);
  expect(first).toHaveLength(1);
  schedule.confirm(first[0]?.id ?? "", 1_100);
  expect(schedule.take(1_200)).toEqual([]);
  if (first[0]) schedule.finish(first[0], { timedOut: false }, 1_200);
  const second = schedule.take(1_200);
  expect(second).toMatchObject([{ id: first[0]?.id, kind: "confirmation", plannedAt: 1_100 }]);
  if (second[0]) schedule.finish(second[0], { timedOut: false }, 1_250);
  schedule.confirm("c", 1_250);
  schedule.settle("c");
  expect(schedule.take(1_300)).toMatchObject([{ kind: "scheduled" }]);
});

test("after a stall the missed intervals are skipped, not caught up", () => {
  let skipped = 0;
  const schedule = new Schedule({
    random: () => 0.5,
    onSkipped: (_, count) => {
      skipped += count;
    },
  });
  schedule.set([{ id: "a", everyMs: 1_000 }], 0);
  const [start] = schedule.take(1_000);
  if (start) schedule.finish(start, { timedOut: false }, 1_010);
  expect(schedule.take(61_000)).toHaveLength(1);
  expect(skipped).toBeGreaterThanOrEqual(58);
  expect(schedule.take(61_000)).toEqual([]);
});

test("a removed check does not start, a changed one takes its new rhythm", () => {
  const schedule = new Schedule({ random: () => 0.5 });
  schedule.set(
    [
      { id: "a", everyMs: 1_000 },
      { id: "b", everyMs: 1_000 },
    ],
    0,
  );
  schedule.set([{ id: "b", everyMs: 10_000 }], 0);
  const starts = [];
  for (let now = 0; now < 30_000; now += 100) {
    for (const start of schedule.take(now)) {
      starts.push(start.id);
      schedule.finish(start, { timedOut: false }, now);
    }
  }
  expect(starts).toEqual(["b", "b", "b"]);
});

test("2,000 targets that begin to time out together leave the healthy ones on time", () => {
  const dead = Array.from({ length: 2_000 }, (_, index) => ({
    ...{ id: `dead-${index}`, everyMs: 30_000, durationMs: 10_000, critical: false },
    target: `10.0.0.${index}:80`,
  }));
  const healthy = Array.from({ length: 200 }, (_, index) => ({
    ...{ id: `healthy-${index}`, everyMs: 10_000, durationMs: 20 },
    target: `10.1.0.${index}:80`,
  }));
  const checks = [...dead, ...healthy];
  const played = play({ checks, slots: 32, mostSlots: 1_024, untilMs: 300_000, timedOutAbove: 5_000 }, seeded(7));
  expect(played.mostRunning).toBeLessThanOrEqual(1_024);
  expect(played.mostSlow).toBeLessThanOrEqual(512);
  const late = played.runs
    .filter(({ id }) => id.startsWith("healthy"))
    .map(({ startedAt, plannedAt }) => startedAt - plannedAt - 500);
  expect(Math.max(...late)).toBeLessThan(3_000);
  // Once the dead ones are known, nobody waits for them.
  expect(Math.max(...late.slice(late.length / 2))).toBeLessThanOrEqual(0);
  for (const { id } of healthy) expect(played.runs.filter((run) => run.id === id).length).toBeGreaterThanOrEqual(29);
  // They need 667 slots and get 512: they run less often, evenly, rather than late.
  expect(played.figures.slowed).toBeGreaterThan(0);
});

test("a fifth of all targets begin to hang at once: the others are on time from the first moment", () => {
  const dead = Array.from({ length: 2_000 }, (_, index) => ({
    id: `dead-${index}`,
    everyMs: 10_000,
    durationMs: 5_000,
  }));
  const healthy = Array.from({ length: 2_000 }, (_, index) => ({
    id: `well-${index}`,
    everyMs: 10_000,
    durationMs: 2,
  }));
  const checks = [...dead, ...healthy];
  const played = play({ checks, slots: 32, mostSlots: 1_024, untilMs: 60_000, timedOutAbove: 4_000 }, seeded(5));
  const late = played.runs
    .filter(({ id }) => id.startsWith("well"))
    .map(({ startedAt, plannedAt }) => startedAt - plannedAt - 500);
  expect(Math.max(...late)).toBeLessThanOrEqual(100);
});

test("while more than half of the slots hold slow answers, what timed out is still asked", () => {
  const slow = Array.from({ length: 6_000 }, (_, index) => ({
    id: `slow-${index}`,
    everyMs: 10_000,
    durationMs: 1_000,
  }));
  const dead = { id: "dead", everyMs: 10_000, durationMs: 5_000 };
  const checks = [...slow, dead];
  const played = play({ checks, slots: 32, mostSlots: 1_024, untilMs: 60_000, timedOutAbove: 4_000 }, seeded(6));
  expect(played.runs.filter(({ id }) => id === "dead").length).toBeGreaterThanOrEqual(5);
});

test("slots follow the measured demand, at most four of them against one target", () => {
  const many = Array.from({ length: 400 }, (_, index) => ({ id: `c-${index}`, everyMs: 1_000, durationMs: 200 }));
  const wide = play({ checks: many, slots: 32, mostSlots: 1_024, untilMs: 60_000 }, seeded(1));
  expect(wide.figures.slots).toBeGreaterThanOrEqual(160);
  const settled = wide.runs.filter(({ plannedAt }) => plannedAt > wide.origin + 30_000);
  expect(Math.max(...settled.map(({ startedAt, plannedAt }) => startedAt - plannedAt))).toBeLessThan(60);
  const one = many.slice(0, 12).map((check) => ({ ...check, target: "10.0.0.1:80" }));
  expect(play({ checks: one, slots: 32, untilMs: 20_000 }, seeded(1)).mostRunning).toBe(4);
});

test("a removed check passes its turn at a target on to the next that waits for it", () => {
  const schedule = new Schedule({ random: () => 0.5 });
  const checks = Array.from({ length: 9 }, (_, index) => ({ id: `c${index}`, everyMs: 1_000, target: "one 80" }));
  schedule.set(checks, 0);
  for (const { id } of checks) schedule.request(id, 1);
  const first = schedule.take(1);
  expect(first).toHaveLength(4);
  for (const start of first) schedule.finish(start, { timedOut: false }, 2);
  schedule.set(checks.slice(8), 2);
  expect(schedule.take(2).map(({ id }) => id)).toEqual(["c8"]);
});

test("too much to do: what is not critical runs less often, and as it should again when there is room", () => {
  const checks = [
    ...Array.from({ length: 4 }, (_, index) => ({ id: `critical-${index}`, everyMs: 1_000, durationMs: 300 })),
    ...Array.from({ length: 20 }, (_, index) => ({ id: `other-${index}`, everyMs: 1_000, durationMs: 300 })),
  ].map((check) => ({ ...check, critical: check.id.startsWith("critical") }));
  const { runs, figures } = play({ checks, slots: 4, untilMs: 300_000 }, seeded(3));
  expect(figures.slowed).toBeGreaterThan(0);
  expect(figures.skipped).toBeGreaterThan(0);
  const late = runs.filter(({ plannedAt, startedAt }) => startedAt - plannedAt > 1_000);
  expect(late.length / runs.length).toBeLessThan(0.05);

  const schedule = new Schedule({ slots: 1, mostSlots: 1, random: () => 0.5 });
  schedule.set(
    ["a", "b"].map((id) => ({ id, everyMs: 1_000, critical: false })),
    0,
  );
  const [first] = schedule.take(999);
  if (!first) throw new Error("nothing was due");
  schedule.finish(first, { timedOut: false }, 9_999);
  const [second] = schedule.take(9_999);
  expect(schedule.stretchOf(second?.id ?? "")).toBeGreaterThan(1);
  if (second) schedule.finish(second, { timedOut: false }, 10_000);
  for (let now = 10_000; now < 120_000; now += 10)
    for (const start of schedule.take(now)) schedule.finish(start, { timedOut: false }, now);
  expect(schedule.figures().slowed).toBe(0);
});
