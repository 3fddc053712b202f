import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { guard } from "../guards.ts";
import { countsOf } from "./counts.ts";
import { evidence } from "./e-process.ts";
import { type Look, observe, prime } from "./observe.ts";
import { poisson, seeded } from "./random.ts";
import { type Answer, freshState, type JudgeState, METRICS } from "./state.ts";

const candidate = new Set(["new"]);
const stable = new Set(["old"]);
const look = (answers: Answer[], more: Partial<Look> = {}): Look => ({
  answers,
  candidate,
  stable,
  beside: true,
  now: 0,
  ratio: 1.25,
  ...more,
});
const answers = (unit: string, count: number, { failed = false, ms = 100 as number | null } = {}): Answer[] =>
  Array.from({ length: count }, () => ({ unit, failed, ms }));

describe("intervals", () => {
  test("one is open until both sides have a request, however many errors there are", () => {
    const one = observe(freshState(), look(answers("new", 50, { failed: true })));
    expect(one.metrics.errors).toMatchObject({
      candidate: { requests: 0, bad: 0 },
      open: { candidate: { requests: 50, bad: 50 } },
    });
    expect(evidence(one.metrics.errors.sums)).toBeCloseTo(1, 9);
    const two = observe(one, look(answers("old", 1)));
    expect(two.metrics.errors).toMatchObject({
      candidate: { requests: 50, bad: 50 },
      baseline: { requests: 1, bad: 0 },
    });
    expect(evidence(two.metrics.errors.sums)).toBeGreaterThan(1);
  });

  test("alone each look is one, measured by what the old release did before; its late answers are no comparison", () => {
    const known = freshState();
    known.metrics.errors.before = { requests: 36_000, bad: 36, from: "before" };
    const bad = [...answers("new", 95), ...answers("new", 5, { failed: true }), ...answers("old", 9)];
    const after = observe(known, look(bad, { beside: false }));
    expect(after.metrics.errors).toMatchObject({
      candidate: { requests: 100, bad: 5 },
      baseline: { requests: 0, bad: 0 },
    });
    expect(evidence(after.metrics.errors.sums)).toBeGreaterThan(100);
    // Nothing known of the old one: nothing to say about the new one either.
    const blind = observe(freshState(), look(bad, { beside: false }));
    expect(evidence(blind.metrics.errors.sums)).toBeCloseTo(1, 9);
  });

  test("what fails on both sides when we ask it says nothing, however few users the new release has", () => {
    const ours = ["new", "old"].flatMap((unit) => answers(unit, 2, { failed: true, ms: null }));
    const asked = ours.map((answer): Answer => ({ ...answer, own: true }));
    const all = look([...answers("new", 1), ...answers("old", 9), ...asked]);
    const end = Array.from({ length: 120 }).reduce<JudgeState>((state) => observe(state, all), freshState());
    expect(end.metrics.errors).toMatchObject({
      candidate: { requests: 360, bad: 240 },
      baseline: { requests: 1_320, bad: 240 },
    });
    expect(evidence(end.metrics.errors.sums)).toBeLessThanOrEqual(1);
  });

  test("no request of the new release is lost or counted twice; strangers count for nobody", () => {
    const one = fc.record({
      unit: fc.constantFrom("new", "old", "other"),
      failed: fc.boolean(),
      ms: fc.constant(null),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(one, { maxLength: 20 }), fc.boolean())), (looks) => {
        const end = looks.reduce((state, [seen, beside]) => observe(state, look(seen, { beside })), freshState());
        const mine = looks.flatMap(([seen]) => seen).filter(({ unit }) => unit === "new");
        const { candidate: closed, open } = end.metrics.errors;
        expect(closed.requests + open.candidate.requests).toBe(mine.length);
        expect(closed.bad + open.candidate.bad).toBe(mine.filter(({ failed }) => failed).length);
        const good = mine.findLastIndex(({ failed }) => !failed);
        expect(end.row).toBe(mine.length - 1 - good);
      }),
    );
  });
});

describe("latency", () => {
  const warm = (state = prime(freshState(), look(answers("old", 600)))) =>
    observe(state, look([...answers("new", 1), ...answers("old", 1)], { now: 1_000 }));
  const at = (now: number, ms: number) => look([...answers("new", 3, { ms }), ...answers("old", 3)], { now });

  test("a unit counts once it has answered for 30 s; till then for errors only", () => {
    const cold = observe(warm(), at(30_000, 500));
    expect(cold.metrics["latency-p95"]).toMatchObject({ threshold: 100, candidate: { requests: 0 } });
    expect(cold.metrics.errors.candidate.requests).toBe(4);
    const counted = observe(cold, at(31_000, 500));
    // One answer a unit and half second, on both sides.
    expect(counted.metrics["latency-p95"]).toMatchObject({
      candidate: { requests: 1, bad: 1 },
      baseline: { requests: 1, bad: 0 },
    });
    expect(observe(counted, at(31_400, 500)).metrics["latency-p95"].candidate.requests).toBe(1);
    expect(observe(counted, at(31_500, 500)).metrics["latency-p95"].candidate.requests).toBe(2);
  });

  test("the threshold is set before the interval that it judges", () => {
    const before = observe(warm(), look([], { now: 40_000 }));
    const slower = look([...answers("new", 1, { ms: 300 }), ...answers("old", 500, { ms: 300 })], { now: 41_000 });
    const judged = observe(before, slower);
    expect(judged.metrics["latency-p99"]).toMatchObject({
      candidate: { bad: 1 },
      baseline: { bad: 1 },
      threshold: 300,
    });
    expect(observe(judged, at(42_000, 299)).metrics["latency-p99"].candidate.bad).toBe(1);
  });

  test("what is quicker than 20 ms is not slow; nothing is judged while little is known or the times are not told", () => {
    const quick = prime(freshState(), look(answers("old", 600, { ms: 2 })));
    expect(quick.metrics["latency-p99"].threshold).toBe(20);
    expect(prime(freshState(), look(answers("old", 400))).metrics["latency-p95"].threshold).toBeNull();
    const untold = look([...answers("new", 9, { ms: null }), ...answers("old", 9, { ms: null })], { now: 90_000 });
    expect(observe(warm(), untold).metrics["latency-p95"].candidate.requests).toBe(0);
  });

  test("percentiles are those of warm units, of both sides at the same time, and not of one busy look", () => {
    const cold = observe(warm(), at(30_000, 500));
    expect(cold.recent.candidate).toEqual([]);
    const busy = look([...answers("new", 9_000, { ms: 500 }), ...answers("new", 9, { failed: true })], { now: 31_000 });
    expect(observe(cold, busy).recent.candidate).toEqual(Array.from({ length: 20 }, () => 500));
    expect(observe(cold, look(answers("old", 9), { beside: false })).recent.stable).toEqual(cold.recent.stable);
  });

  test("what is slow all the time is seen by the guard", () => {
    let state = warm();
    for (let now = 31_000; now < 61_000; now += 500)
      state = observe(state, look([...answers("new", 10, { ms: 500 }), ...answers("old", 10)], { now }));
    expect(guard({ ...countsOf(state, true), failedProbes: 0, restarts: 0 })?.code).toBe("SM-GUARD-LATENCY");
  });

  test("processes that pause now and then, the same on both sides: no good release fails for it", () => {
    const random = seeded(8);
    const [PAUSE_MS, EVERY_S, RPS, SHARE] = [500, 30, 100, 0.1];
    const fail = Array.from({ length: 20 }, () => {
      let state = prime(freshState(), look(answers("old", 600, { ms: 60 })));
      const units = [
        { unit: "new", draw: poisson((RPS * SHARE) / 2, random), pause: random() * EVERY_S },
        { unit: "old", draw: poisson((RPS * (1 - SHARE)) / 2, random), pause: random() * EVERY_S },
      ];
      for (let second = 0; second < 360; second += 0.5) {
        const all = units.flatMap((one) => {
          if (second > one.pause + 1) one.pause = second - Math.log(1 - random()) * EVERY_S;
          return Array.from({ length: one.draw() }, () => {
            const left = one.pause + PAUSE_MS / 1_000 - (second + random() / 2);
            const paused = left > 0 && left < PAUSE_MS / 1_000 ? left * 1_000 : 0;
            return { unit: one.unit, failed: false, ms: 30 + 40 * random() + paused };
          });
        });
        state = observe(state, look(all, { now: second * 1_000 }));
        if (METRICS.some((metric) => evidence(state.metrics[metric].sums) >= 300)) return true;
        if (guard({ ...countsOf(state, true), failedProbes: 0, restarts: 0 })) return true;
      }
      return false;
    }).filter(Boolean);
    expect(fail.length).toBeLessThanOrEqual(1);
  });
});
