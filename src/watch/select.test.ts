import fc from "fast-check";
import { expect, test } from "vitest";
import { Check, Verdict } from "../contract/check.ts";
import { CheckSort } from "../contract/check-list.ts";
import { selectChecks } from "./select.ts";

function check(id: string, extra: Partial<Check> = {}): Check {
  return Check.parse({
    ...{ id, service: null, type: "http", target: `GET http://${id}`, everyMs: 30_000, critical: false },
    ...{ dependsOn: [], runbook: null, verdict: "UP", since: null, lastResult: null },
    ...{ uptime24h: null, p50: null, p95: null, p99: null, ...extra },
  });
}

const CHECKS = [
  check("b", { service: "shop", p95: 20, uptime24h: 0.5, since: "2026-03-01T10:00:00.000Z" }),
  check("c", { verdict: "DOWN", type: "tcp", target: "db:5432", since: "2026-03-01T12:00:00.000Z" }),
  check("a", { verdict: "UNKNOWN", p95: 300, uptime24h: 1 }),
];
const ids = (query: Parameters<typeof selectChecks>[1]) => selectChecks(CHECKS, query).checks.map(({ id }) => id);

test("each filter narrows the list, in the order of the manifest", () => {
  expect(ids({})).toEqual(["b", "c", "a"]);
  expect(ids({ text: " DB:54 " })).toEqual(["c"]);
  expect(ids({ verdict: "UP" })).toEqual(["b"]);
  expect(ids({ service: "shop" })).toEqual(["b"]);
  expect(ids({ type: "tcp" })).toEqual(["c"]);
  expect(ids({ failing: true })).toEqual(["c"]);
});

test("verdicts are counted whatever verdict is asked for, and totals whatever the page", () => {
  const { checks, total, verdicts } = selectChecks(CHECKS, { verdict: "DOWN", offset: 1, limit: 1 });
  expect([checks, total]).toEqual([[], 1]);
  expect(verdicts).toEqual({ UP: 1, SUSPECT: 0, DOWN: 1, DEGRADED: 0, INTERMITTENT: 0, UNKNOWN: 1 });
  expect(selectChecks(CHECKS, { text: "db", verdict: "UP" }).verdicts).toMatchObject({ DOWN: 1, UP: 0 });
});

test("what matters comes first; checks without a figure come last either way", () => {
  expect(ids({ sort: "verdict" })).toEqual(["c", "a", "b"]);
  expect(ids({ sort: "id", reverse: true })).toEqual(["c", "b", "a"]);
  expect(ids({ sort: "since" })).toEqual(["c", "b", "a"]);
  expect(ids({ sort: "p95" })).toEqual(["a", "b", "c"]);
  expect(ids({ sort: "p95", reverse: true })).toEqual(["b", "a", "c"]);
  expect(ids({ sort: "uptime" })).toEqual(["b", "a", "c"]);
});

test("pages put together are the whole list", () => {
  const some = fc.array(
    fc.record({ id: fc.string(), verdict: fc.constantFrom(...Verdict.options), p95: fc.option(fc.nat()) }),
  );
  fc.assert(
    fc.property(some, fc.constantFrom(...CheckSort.options), fc.integer({ min: 1, max: 5 }), (made, sort, limit) => {
      const all = made.map(({ id, ...extra }, index) => check(`${id}${index}`, extra));
      const whole = selectChecks(all, { sort }).checks;
      const pages = Array.from({ length: Math.ceil(all.length / limit) }, (_, page) =>
        selectChecks(all, { sort, offset: page * limit, limit }),
      );
      expect(pages.flatMap(({ checks }) => checks)).toEqual(whole);
    }),
  );
});
