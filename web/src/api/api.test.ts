import { describe, expect, test } from "vitest";
import { routeOf, to } from "../routes.ts";
import { toFailure } from "./failure.ts";
import { outdatedBy } from "./invalidation.ts";
import { backoff, createSseParser } from "./sse.ts";

describe("server-sent events", () => {
  test("events arrive whole however the text is cut, with comments and other fields ignored", () => {
    const text = ': hello\r\n\r\nevent: x\r\ndata: {"a":1}\r\n\r\ndata: one\ndata:two\n\nid: 4\n\ndata: unfinished';
    for (let size = 1; size <= text.length; size++) {
      const seen: string[] = [];
      const push = createSseParser((data) => seen.push(data));
      for (let index = 0; index < text.length; index += size) push(text.slice(index, index + size));
      expect(seen).toEqual(['{"a":1}', "one\ntwo"]);
    }
  });

  test("waits double up to a limit", () => {
    expect([1, 2, 3, 10].map((attempt) => backoff(attempt, 0))).toEqual([1_000, 2_000, 4_000, 5_000]);
    expect(backoff(1, 1)).toBe(800);
  });
});

test("an incident makes the overview, the lists and its own page out of date", () => {
  expect(outdatedBy({ type: "incident", id: "i1" })).toEqual([
    ["status"],
    ["incidents"],
    ["incident", "i1"],
    ["healing-plan", "i1"],
    ["notifications"],
    ["audit"],
    ["series"],
  ]);
});

test("what is not an answer of the server is reported as unreachable", () => {
  expect(toFailure(new TypeError("fetch failed")).code).toBe("SM-WEB-UNREACHABLE");
  expect(toFailure(new DOMException("", "TimeoutError")).code).toBe("SM-WEB-TIMEOUT");
});

describe("routes", () => {
  test.each([
    ["/", { page: "overview" }],
    ["/services/a%20b", { page: "service", name: "a b" }],
    ["/rollouts", { page: "rollouts" }],
    ["/rollouts/ro-1", { page: "rollout", id: "ro-1" }],
    ["/incidents", { page: "incidents", state: "open", severity: null, service: null }],
    ["/incidents?state=odd&severity=SEV9", { page: "incidents", state: "open", severity: null, service: null }],
    [
      "/incidents?state=review&severity=SEV1&service=a%20b",
      { page: "incidents", state: "review", severity: "SEV1", service: "a b" },
    ],
    ["/checks", { page: "checks", filter: {} }],
    ["/checks?verdict=DOWN&failing=true", { page: "checks", filter: { verdict: "DOWN", failing: true } }],
    ["/checks/local%2Fcheck%2Fa", { page: "check", id: "local/check/a" }],
    ["/slo", { page: "slo" }],
    ["/silences", { page: "silences" }],
    ["/notifications", { page: "notifications" }],
    ["/reports", { page: "reports", report: { kind: "daily" } }],
    ["/reports?kind=audit&week=2026-W53", { page: "reports", report: { kind: "audit", week: "2026-W53" } }],
    ["/reports?kind=audit&week=2026-W60", { page: "reports", report: { kind: "daily" } }],
    ["/reports?kind=healing&days=7", { page: "reports", report: { kind: "healing", days: 7 } }],
    ["/reports?kind=postmortem&id=inc-1", { page: "reports", report: { kind: "postmortem", id: "inc-1" } }],
    ["/incidents/inc-1", { page: "incident", id: "inc-1" }],
    ["/releases", { page: "releases" }],
    ["/repository", { page: "repository" }],
    ["/audit", { page: "audit" }],
    ["/doctor", { page: "doctor" }],
    ["/services", { page: "missing" }],
    ["/rollouts/a/b", { page: "missing" }],
    ["/rollouts/%E0%A4%A", { page: "rollout", id: "%E0%A4%A" }],
  ])("%s", (path, route) => expect(routeOf(path)).toEqual(route));

  test("the filters of incidents lead back to themselves", () => {
    expect(to.incidents({ state: "open", severity: null, service: null })).toBe("/incidents");
    const filter = { state: "all", severity: "SEV2", service: "a&b" } as const;
    expect(routeOf(to.incidents(filter))).toEqual({ page: "incidents", ...filter });
  });

  test("a link leads back to what it was made of", () => {
    expect(routeOf(to.service("a/b ü"))).toEqual({ page: "service", name: "a/b ü" });
  });
});
