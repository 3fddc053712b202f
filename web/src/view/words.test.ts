import { describe, expect, test } from "vitest";
import type { IncidentSummary } from "../../../src/contract/incident.ts";
import type { JournalEntry, RolloutPlan } from "../../../src/contract/rollout.ts";
import { doctorSummary } from "./doctor.ts";
import { figuresOf } from "./evidence.ts";
import { failedChecksOf, incidentNews } from "./incident-news.ts";
import { gistOf } from "./journal-gist.ts";
import { readLogLine, replicaFacts } from "./log-line.ts";
import { changesNothing, originOf, paceOf } from "./plan.ts";
import { urgency } from "./states.ts";
import { waitOf } from "./waiting.ts";

const T0 = Date.parse("2026-03-01T12:00:00.000Z");

describe("a plan", () => {
  const strategy = { kind: "canary", steps: [10, 100], everyMs: 10_000, bakeMs: 5_000 } as const;
  const pace = (extra: Partial<RolloutPlan["strategy"]>, fromRelease: string | null = "r1") =>
    paceOf({ strategy: { ...strategy, steps: [...strategy.steps], ...extra }, fromRelease });

  test("says how requests move and how long the release is watched", () => {
    expect(pace({})).toBe(
      "canary: 10 % → 100 % of the requests, 10 s each; then watched for 5 s before the old release is let go.",
    );
    expect(pace({ kind: "blue-green", steps: [100], bakeMs: 0 })).toBe("blue-green: all requests move at once.");
    expect(pace({}, null)).toBe("First release: all requests at once, watched for 5 s.");
  });

  test("names what serves before it, for each service where that differs", () => {
    const from = (service: string, fromRelease: string | null, action = "replace") =>
      ({ action, service, fromRelease }) as RolloutPlan["services"][number];
    expect(originOf({ services: [from("api", "r1"), from("web", "r2", "keep")] })).toBe("r1");
    expect(originOf({ services: [from("api", "r1"), from("web", "r2"), from("new", null)] })).toBe(
      "api r1, web r2, new nothing",
    );
    expect(originOf({ services: [from("api", null, "create")] })).toBe("nothing");
  });

  test("that only keeps services changes nothing", () => {
    const planned = (action: "keep" | "replace") => ({ action, service: "api" }) as RolloutPlan["services"][number];
    expect(changesNothing({ services: [planned("keep")] })).toBe(true);
    expect(changesNothing({ services: [planned("keep"), planned("replace")] })).toBe(false);
  });
});

describe("a journal", () => {
  const entry = (key: string, step: JournalEntry["step"], payload: JournalEntry["payload"]): JournalEntry => ({
    ...{ seq: 1, key, phase: "outcome", step, target: null, payload, at: new Date(T0).toISOString() },
  });
  const plan = { strategy: { kind: "canary", steps: [10, 50, 100], everyMs: 1, bakeMs: 1 } } as RolloutPlan;

  test("tells what a rollout waits for", () => {
    const journal = [entry("shifted:1", "SHIFTING", { index: 1 }), entry("analyze:2", "ANALYZING", { until: T0 })];
    expect(waitOf({ plan, journal })).toEqual({ what: "Step 2 of 3, 50 % of the requests", until: T0 });
    expect(waitOf({ plan, journal: [entry("bake", "BAKING", { until: T0 })] })?.until).toBe(T0);
    expect(waitOf({ plan, journal: journal.slice(0, 1) })).toBeNull();
    expect(waitOf({ plan, journal: [] })).toBeNull();
  });

  test.each([
    ["shift:api:0", { share: 10 }, "10 % of requests"],
    ["start:api-1", { pid: 7, port: 80 }, "pid 7, port 80"],
    ["verify:api-1", { probes: [["GET / → ok", "GET / → ok"]] }, "2 × GET / → ok"],
    ["read-back:promoted:api", { seen: 5 }, "5 answers of the new release"],
    ["drain:api-1", { cut: 0 }, ""],
    ["prepare", { release: "r1" }, ""],
  ])("says of %s what came of it", (key, facts, gist) => {
    const step = { seq: 1, key, step: "STARTED", target: null, at: "", durationMs: 1, facts } as const;
    expect(gistOf({ ...step, status: "done" })).toBe(gist);
    expect(gistOf({ ...step, status: "failed", facts: { message: "no" } })).toBe("no");
    expect(gistOf({ ...step, status: "skipped", facts: { evidence: "no browser" } })).toBe("skipped: no browser");
  });
});

describe("a log line", () => {
  test("written as JSON is taken apart", () => {
    const line = JSON.stringify({ time: "2026-03-01T12:00:00.120Z", level: 40, msg: "slow", ms: 3, path: "/a" });
    const parts = readLogLine(line);
    expect(parts).toMatchObject({ level: "warn", message: "slow", rest: "ms=3 path=/a" });
    expect(parts.time).toMatch(/^\d\d:\d\d:\d\d\.120$/);
  });

  test.each(["plain text", '{"no":"message"}', "{ broken", "[1]", ""])("of another kind stays as it is: %s", (text) => {
    expect(readLogLine(text)).toEqual({ time: "", level: "", message: text, rest: "" });
  });
});

test("of a replica that ended it is told where it ran and how it ended", () => {
  const line = { replica: "web-1", text: "", release: "r3", host: "h2", ended: true, exit: { code: 1, signal: null } };
  expect(replicaFacts(line)).toBe("r3, on h2, ended, exited with code 1");
  expect(replicaFacts({ replica: "web-1", text: "", release: "r3" })).toBe("r3, running");
});

test("the worst open incident comes first; without one, the one that was resolved last is news", () => {
  const incident = (id: string, extra: Partial<IncidentSummary>) =>
    ({ id, state: "open", severity: "SEV2", resolvedAt: null, ...extra }) as IncidentSummary;
  const news = incidentNews([
    incident("a", {}),
    incident("b", { severity: "SEV1", state: "healing" }),
    incident("c", { state: "suspect" }),
    incident("d", { state: "resolved", resolvedAt: "2026-03-01T12:00:00Z" }),
    incident("e", { state: "resolved", resolvedAt: "2026-03-01T13:00:00Z" }),
  ]);
  expect(news.open.map(({ id }) => id)).toEqual(["b", "a"]);
  expect(news.mended?.id).toBe("e");
});

test("an incident that heals is no alarm any more", () => {
  expect(urgency({ state: "monitoring", severity: "SEV1" })).toBe("warn");
  expect(urgency({ state: "healing", severity: "SEV1" })).toBe("bad");
});

test("figures come in words, what explains most first, without what a dead process cannot have", () => {
  const metrics = { replicas_running: 0, replicas: 2, last_exit: "SIGKILL", memory_mb: 0, requests: 18_204, p95: null };
  expect(Object.entries(figuresOf(metrics))).toEqual([
    ["Last exit", "SIGKILL"],
    ["Replicas running", "0 of 2"],
    ["Requests so far", "18,204"],
  ]);
  expect(figuresOf({ replicas_running: 1, cpu_percent: 0, queue_depth: 4 })).toEqual({
    "Replicas running": "1",
    CPU: "0 %",
    "queue depth": "4",
  });
});

test("checks that pass again are still named as those that failed", () => {
  const opened = { seq: 1, at: "", kind: "opened", text: "", data: { checks: ["local/api/process"] } };
  expect(failedChecksOf({ failedChecks: ["x"], timeline: [opened] })).toEqual(["x"]);
  expect(failedChecksOf({ failedChecks: [], timeline: [opened] })).toEqual(["local/api/process"]);
  expect(failedChecksOf({ failedChecks: [], timeline: [] })).toEqual([]);
});

test("the doctor's findings in one sentence", () => {
  const finding = (name: string, state: "ok" | "warning") => ({ name, state, detail: "", next: null });
  expect(doctorSummary([finding("node", "ok"), finding("disk", "ok")])).toBe("All 2 checks passed.");
  expect(doctorSummary([finding("node", "ok"), finding("disk", "warning")])).toBe(
    "1 of 2 checks needs attention: disk.",
  );
});
