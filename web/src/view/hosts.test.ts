import { describe, expect, test } from "vitest";
import { FINAL_STATES, type Rollout } from "../../../src/contract/rollout.ts";
import { hostPlan, hostRollout, hostTraffic, PREFLIGHT, REFUSED } from "../../../src/contract/testing.ts";
import { decisionOf } from "./decision.ts";
import { readingsOf, seriesOf } from "./evidence-series.ts";
import { hostName } from "./format.ts";
import { hostLabels } from "./host-labels.ts";
import { gatherSteps, pairJournal } from "./journal.ts";
import { gistOf } from "./journal-gist.ts";
import { placesOf, unmetOf } from "./plan.ts";

const T0 = Date.parse("2026-03-01T12:00:00.000Z");
const note = (seconds: number, metric: string, evidence: number, service = "api") => ({
  ...{ service, metric, evidence, needed: 300, at: T0 + seconds * 1_000 },
});

describe("evidence over time", () => {
  test("metrics that were read apart share one axis; a metric without a reading there is no break", () => {
    const [api, web] = seriesOf([
      note(2, "errors", 2),
      note(0, "errors", 1),
      note(1, "p99", 5),
      note(9, "x", 1, "web"),
    ]);
    expect(api).toEqual({
      service: "api",
      metrics: ["errors", "p99"],
      needed: 300,
      times: [0, 1, 2].map((seconds) => T0 / 1_000 + seconds),
      values: [
        [1, undefined, 2],
        [undefined, 5, undefined],
      ],
    });
    expect(web?.service).toBe("web");
  });

  test("nothing is drawn where nobody looked for a minute", () => {
    expect(seriesOf([note(0, "errors", 1), note(61, "errors", 9)])[0]?.values).toEqual([[1, null, 9]]);
    expect(seriesOf([note(0, "errors", 1), note(60, "errors", 9)])[0]?.values).toEqual([[1, 9]]);
    const hours = [0, 60, 120, 180, 240, 300, 330, 396].map((minute) => note(60 * minute, "errors", 1));
    expect(seriesOf(hours)[0]?.values[0]?.slice(-3)).toEqual([1, 1, 1]);
    expect(seriesOf([])).toEqual([]);
  });

  test("a look at the routes is a reading of each metric", () => {
    const readings = readingsOf(hostTraffic("canary"), T0);
    expect(readings).toHaveLength(6);
    expect(readings[0]).toEqual({ service: "api", metric: "errors", evidence: 3.1, needed: 300, at: T0 });
    expect(readingsOf(hostTraffic("judged"), T0)).toEqual([]);
  });
});

describe("what was decided", () => {
  const said = (rollout: Rollout) => {
    const decision = decisionOf(rollout, []);
    return decision && `${decision.tone} ${decision.what}`;
  };

  test.each([
    ["canary", "busy All 3 hosts: at 25 %"],
    ["judged", "warn Rolled back to shop-0043 by the judge"],
    ["inconclusive", "warn A person decides: the judge cannot tell"],
    ["stuck", "bad Stopped where it was, a person decides (2 of 3 hosts: rolled back; web3: not rolled back)"],
  ] as const)("%s", (story, text) => expect(said(hostRollout(story))).toBe(text));

  test.each([
    ["SM-GUARD-ERRORS", "by a guard"],
    ["SM-UNIT-UNHEALTHY", "by a guard"],
    ["SM-ROLLOUT-ABORTED", "shop-0043"],
    ["SM-HOST-UNREACHABLE", "shop-0043"],
  ])("%s is a decision %s", (code, who) => {
    const failed = hostRollout("judged");
    const rollout = { ...failed, failure: failed.failure && { ...failed.failure, code } };
    expect(decisionOf(rollout, [])?.what.endsWith(who)).toBe(true);
  });

  test("what the judge holds is named, the newest of each metric", () => {
    const why = decisionOf(hostRollout("canary"), [
      note(0, "errors", 80),
      note(1, "errors", 2),
      note(1, "p99", 4),
    ])?.why;
    expect(why).toBe("the judge has found nothing against it (most evidence: p99 of api, 4 of 300)");
    const done = { ...hostRollout("canary"), state: "SUCCEEDED" as const };
    expect(decisionOf(done, [])).toMatchObject({ tone: "ok", what: "shop-0044 serves all 3 hosts", why: "" });
  });

  test("on one place only a question is told", () => {
    const { hosts: _, ...plan } = hostPlan(1);
    for (const state of FINAL_STATES) expect(decisionOf({ ...hostRollout("judged"), plan, state }, [])).toBeUndefined();
    expect(decisionOf({ ...hostRollout("inconclusive"), plan }, [])?.why).toBe(
      "api: 41 of the 160 requests it takes to tell",
    );
  });
});

test("of many hosts the rows of one act are one, a failure stays by itself", () => {
  const rows = gatherSteps(pairJournal(hostRollout("stuck", { count: 20 })));
  const groups = rows.flatMap((row) => ("steps" in row ? [`${row.name} ${row.steps.length}`] : []));
  expect(groups).toEqual(["start:api 40", "start:web 40", "judge:api 6"]);
  expect(rows.slice(-2).map((row) => "status" in row && row.status)).toEqual(["failed", "failed"]);
});

test.each([
  ["start:api-1", { host: "web1", port: 80 }, "on web1, port 80"],
  ["judge:api:errors:1", { evidence: 7.1289 }, "e-value 7.13"],
  [
    "judged:1",
    { api: { verdict: "PASS" }, web: { verdict: "INCONCLUSIVE", why: "no request came" } },
    "api pass, web inconclusive (no request came)",
  ],
  ["promoted", { by: "cli:ada" }, "by cli:ada"],
  ["held:2", { why: "api: 1 of 2 requests" }, "api: 1 of 2 requests"],
])("%s says what came of it", (key, facts, gist) => {
  const step = { seq: 1, key, step: "ANALYZING", target: null, at: "", durationMs: 1, status: "done" } as const;
  expect(gistOf({ ...step, facts })).toBe(gist);
});

test("a host is named without the account", () => {
  expect(["deploy@web1.example.com", "web1"].map(hostName)).toEqual(["web1.example.com", "web1"]);
});

test("a plan names its hosts, and what it is refused for", () => {
  expect([placesOf(["web1"]), placesOf(["web1", "web2"])]).toEqual(["web1", "2 hosts: web1, web2"]);
  expect(unmetOf({ preflight: [...PREFLIGHT, REFUSED] })).toEqual(["backup"]);
  expect(unmetOf({})).toEqual([]);
});

test.each([
  [
    ["web1", "web2"],
    ["web1", "web2"],
  ],
  [
    ["deploy@web1.eu.example.com", "root@web2.eu.example.com"],
    ["web1", "web2"],
  ],
  [
    ["web.eu.example.com", "web.us.example.com"],
    ["web.eu", "web.us"],
  ],
  [
    ["shop-production-web1.example.com", "shop-production-web2.example.com"],
    ["…web1", "…web2"],
  ],
  [
    ["web1.example.com", "a.web1.example.com"],
    ["web1", "a.web1"],
  ],
  [
    ["deploy@10.0.0.1", "10.1.0.1"],
    ["10.0.0.1", "10.1.0.1"],
  ],
  [["deploy@shop-production-web1.example.com"], ["shop-production-web1.example.com"]],
])("of %j what tells them apart is %j", (hosts, labels) => {
  expect([...hostLabels(hosts).values()]).toEqual(labels);
});
