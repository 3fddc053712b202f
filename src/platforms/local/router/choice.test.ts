import fc from "fast-check";
import { expect, test } from "vitest";
import { balance, bucketOf, type Choosable, chooseTarget, shareAt } from "./choice.ts";

const NOW = 1_000_000;
const choosable = fc.record({
  role: fc.constantFrom("stable" as const, "candidate" as const),
  weight: fc.integer({ min: 0, max: 256 }),
  drain: fc.boolean(),
  inflight: fc.integer({ min: 0, max: 20 }),
  avoidUntil: fc.constantFrom(0, NOW + 500),
  credit: fc.constant(0),
});
const grant = fc.record({
  share: fc.integer({ min: 0, max: 100 }),
  until: fc.constantFrom(null, NOW - 1, NOW, NOW + 60_000),
});
const bucket = fc.double({ min: 0, max: 99.99, noNaN: true });

function plain(more: Partial<Choosable> = {}): Choosable {
  return { role: "stable", weight: 100, drain: false, inflight: 0, avoidUntil: 0, credit: 0, ...more };
}

test("never a draining target, one of weight 0, or a candidate without a grant", () => {
  fc.assert(
    fc.property(fc.array(choosable, { maxLength: 8 }), grant, bucket, (targets, share, place) => {
      const chosen = chooseTarget(targets, share, place, NOW);
      const allowed = targets.filter(
        (one) => !one.drain && one.weight > 0 && (one.role === "stable" || shareAt(share, NOW) > 0),
      );
      expect(chosen === undefined).toBe(allowed.length === 0);
      if (chosen) expect(allowed).toContain(chosen);
    }),
  );
});

test("the wanted side is taken when it has a willing target, the other when only that has one", () => {
  fc.assert(
    fc.property(fc.array(choosable, { minLength: 1, maxLength: 8 }), grant, bucket, (targets, share, place) => {
      const chosen = chooseTarget(targets, share, place, NOW);
      const side = place < shareAt(share, NOW) ? "candidate" : "stable";
      const usable = targets.filter(
        (one) =>
          !one.drain && one.weight > 0 && one.avoidUntil <= NOW && (one.role === "stable" || shareAt(share, NOW) > 0),
      );
      if (usable.length > 0) expect(chosen?.avoidUntil).toBe(0);
      if (usable.some((one) => one.role === side)) expect(chosen?.role).toBe(side);
    }),
  );
});

test("growing the share never moves a user back, and shrinking never moves one forward", () => {
  const targets = [plain(), plain({ role: "candidate" })];
  fc.assert(
    fc.property(
      fc.string(),
      fc.string(),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 0, max: 100 }),
      (client, salt, one, two) => {
        const [less, more] = [Math.min(one, two), Math.max(one, two)];
        const place = bucketOf(client, salt);
        const side = (share: number) => chooseTarget(targets, { share, until: null }, place, NOW)?.role;
        if (side(less) === "candidate") expect(side(more)).toBe("candidate");
        if (side(more) === "stable") expect(side(less)).toBe("stable");
      },
    ),
  );
});

test("a bucket is stable and within 0 ≤ n < 100; shares of many clients come out as wanted", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (client, salt) => {
      const place = bucketOf(client, salt);
      expect(place).toBe(bucketOf(client, salt));
      expect(place >= 0 && place < 100).toBe(true);
    }),
  );
  for (const share of [1, 10, 50, 90]) {
    const inside = Array.from({ length: 20_000 }, (_, index) =>
      bucketOf(`10.0.${index >> 8}.${index & 255} agent`, "s"),
    ).filter((place) => place < share);
    expect(Math.abs(inside.length / 200 - share)).toBeLessThan(1.5);
  }
});

test("a grant ends by itself and everybody is back on stable", () => {
  const targets = [plain(), plain({ role: "candidate" })];
  const share = { share: 100, until: NOW };
  expect(chooseTarget(targets, share, 5, NOW - 1)?.role).toBe("candidate");
  expect(chooseTarget(targets, share, 5, NOW)?.role).toBe("stable");
  expect(chooseTarget([plain({ role: "candidate" })], share, 5, NOW)).toBeUndefined();
});

test("one after the other, weights are met exactly and smoothly", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }), (weights) => {
      const targets = weights.map((weight) => plain({ weight }));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const seen = new Map<Choosable, number>();
      for (let round = 0; round < total; round++) {
        const chosen = balance(targets);
        if (chosen) seen.set(chosen, (seen.get(chosen) ?? 0) + 1);
      }
      expect(targets.map((one) => seen.get(one) ?? 0)).toEqual(weights);
    }),
  );
});

test("the one with the fewest in flight for its weight comes first", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ weight: fc.integer({ min: 1, max: 256 }), inflight: fc.integer({ min: 0, max: 50 }) }), {
        minLength: 1,
        maxLength: 6,
      }),
      (items) => {
        const targets = items.map((item) => plain(item));
        const chosen = balance(targets);
        const load = (one: Choosable) => one.inflight / one.weight;
        expect(chosen && load(chosen)).toBe(Math.min(...targets.map(load)));
      },
    ),
  );
});
