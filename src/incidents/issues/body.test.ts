import { expect, test } from "vitest";
import type { Incident } from "../../contract/incident.ts";
import { inert } from "../../core/markdown.ts";
import { withPart } from "../../github/part.ts";
import { partOf, titleOf, type View } from "./body.ts";
import { marksOf } from "./marks.ts";

const AT = "2026-03-01T12:00:00.000Z";
const incident: Incident = {
  ...{ id: "inc-1", key: "0123456789abcdef", severity: "SEV1", state: "open", environment: "production" },
  ...{ service: "api", symptom: "answers 500", openedAt: AT, resolvedAt: null, acknowledged: false, escalated: false },
  ...{ actions: [], detectedAt: AT, failedChecks: ["production/backend", "auth"], occurrence: 1, restartsLeft: 2 },
  evidence: { logs: ["boot", "Error"], metrics: {}, changes: [], missing: [] },
  timeline: [{ seq: 2, at: AT, kind: "evidence", text: "", data: {} }],
  notifications: [],
};
const view = (change: Partial<Incident> = {}, more: Partial<View> = {}): View => ({
  ...{
    project: "shop",
    incident: { ...incident, ...change },
    members: [],
    followUps: [],
    isPrivate: true,
    baseUrl: null,
    before: null,
  },
  ...more,
});

test("the lines that other programs read", () => {
  const lines = partOf(view()).split("\n");
  expect(lines.slice(1, 4)).toEqual([
    "**Severity:** SEV1",
    "**Failed Checks:** backend, auth",
    "**Detected:** 2026-03-01T12:00:00.000Z",
  ]);
  expect(titleOf(incident)).toBe("🚨 Production Incident: api answers 500");
  expect(titleOf({ service: "api", symptom: `@team\n${"x".repeat(500)}` })).toMatch(/^🚨 .{1,200}…$/);
  expect(titleOf({ service: "api", symptom: "@team" })).not.toMatch(/@\w/);
});

test("what others wrote does nothing", () => {
  const nasty = "@ada #1 GH-2 <!-- end --> ![x](http://x.y/z.png) [a](javascript:b) www.evil.io `c` | closes #3";
  const text = inert(nasty);
  for (const active of [/@\w/, /#\d/, /GH-\d/, /<|>/, /(?<!\\)[[\]`|!]/, /:\/\//, /www\./])
    expect(text).not.toMatch(active);
  const logs = ["````", "</details>", "@ada", `<!-- stationmaster:incident end -->`, "```` end"];
  const part = partOf(view({ evidence: { logs, metrics: {}, changes: [], missing: [] } }));
  expect(part).toContain("\n`````text\n````\n</details>\n@ada\n");
  const name = "a@b/`x`";
  expect(partOf(view({ failedChecks: [name] }))).not.toContain(name);
});

test("it fits: the newest log lines are kept, and a storm has a table", () => {
  const logs = Array.from({ length: 40 }, (_, index) => `${index} ${"x".repeat(5_000)}`);
  const evidence = { logs, metrics: {}, changes: [], missing: [] };
  const others = Array.from({ length: 10 }, (_, index) => ({ ...incident, id: `inc-${index}`, evidence }));
  const members = others.map(({ id, service, symptom, state }) => ({ id, service, symptom, state }));
  const part = partOf(view({ evidence, storm: { cause: "host h1", members } }, { members: others }), 20_000);
  expect(part.length).toBeLessThan(40_000);
  expect(part).toContain("39 xxx");
  expect(part).not.toContain("\n9 xxx");
  expect(part).toContain("| service | symptom | state | incident |");
});

test("a public repository gets counts, and where the lines are", () => {
  const part = partOf(view({}, { isPrivate: false }));
  expect(part).not.toContain("boot");
  expect(part).toContain("2 log lines kept as evidence inc-1#2");
});

test("the text around our part stays, even when the marks are gone", () => {
  const begins = marksOf("shop", incident);
  const part = partOf(view());
  expect(withPart(null, part, begins)).toBe(part);
  expect(withPart(`before\r\n${part}\r\nafter`, part.replace("open", "closed"), begins)).toBe(
    `before\n${part.replace("open", "closed")}\nafter`,
  );
  expect(withPart("only people", part, begins)).toBe(`${part}\n\nonly people`);
  expect(withPart(part.replace("project=shop", "project=other"), part, begins)).toContain("project=other");
});

test("its action items are listed with number and state; what people wrote in them does nothing", () => {
  const item = {
    id: "act-1",
    text: "raise the pool @team #7",
    owner: "bob",
    due: "2026-03-10",
    doneAt: null,
    number: 14,
  };
  const followUps = [item, { ...item, id: "act-2", number: null }, { ...item, number: 15, doneAt: new Date(AT) }];
  const part = partOf(view({}, { followUps }));
  const text = `${inert("raise the pool @team #7")}, bob`;
  expect(part).toContain(
    `### Action Items\n\n- #14 (open, due 2026-03-10): ${text}\n- ${inert("act-2")} (open, due 2026-03-10): ${text}\n- #15 (done): ${text}\n`,
  );
  expect(partOf(view())).not.toContain("Action Items");
  expect(
    partOf(view({}, { followUps: Array.from({ length: 500 }, () => ({ ...item, text: "x".repeat(500) })) })).length,
  ).toBeLessThan(65_536);
});

test("the pages that say what to do come first among what can be done", () => {
  const address = "https://wiki.example.com/queue?full=1";
  expect(partOf(view({ runbooks: [address] }))).toContain(`### Actions\n\n- Runbook: ${address}\n`);
});
