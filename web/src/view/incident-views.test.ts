import { describe, expect, test } from "vitest";
import type { HealingPlan } from "../../../src/contract/healing.ts";
import type { IncidentSummary } from "../../../src/contract/incident.ts";
import type { Silence } from "../../../src/contract/silence.ts";
import { leftText, nothingText, waitText } from "./healing.ts";
import { flagTexts } from "./incident-flags.ts";
import { blocksOf, spansOf } from "./markdown.ts";
import { changeText, reportFile, reportSource } from "./reports.ts";
import { holdingTexts, LENGTHS, matcherText, requestOf, type SilenceForm, timeOf } from "./silences.ts";

const T0 = Date.parse("2026-03-01T12:00:00.000Z");
const HOUR = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

describe("a silence", () => {
  const silence = (extra: Partial<Silence>) =>
    ({ active: false, from: iso(T0 - HOUR), until: iso(T0 + HOUR), ...extra }) as Silence;

  test.each([
    [{ active: true }, "now"],
    [{ from: iso(T0 + 1), until: iso(T0 + HOUR) }, "coming"],
    [{ until: iso(T0) }, "over"],
    [{ active: false, endedAt: iso(T0 - 1) }, "over"],
    [{ from: null, until: null }, "now"],
  ])("with %o is %s", (extra, time) => expect(timeOf(silence(extra), T0)).toBe(time));

  test("is about everything where nothing is named", () => {
    expect(matcherText({})).toBe("everything");
    expect(matcherText({ service: "api", severity: "SEV3" })).toBe("service api, SEV3");
  });

  test("is named while it holds, with its reason", () => {
    const api = { matcher: { service: "api" }, kind: "silence", reason: "new disks", recurrence: null } as const;
    const [text = "", ...others] = holdingTexts([silence({ ...api, active: true }), silence(api)]);
    expect(text).toMatch(/^Silent: service api until .+ \(new disks\)$/);
    expect(others).toEqual([]);
    expect(holdingTexts([silence({ ...api, kind: "maintenance", active: true })])).toEqual([
      expect.stringMatching(/^Maintenance: service api until /),
    ]);
  });

  const form: SilenceForm = {
    ...{ kind: "silence", service: "", check: "", severity: "", from: "", lengthMs: HOUR },
    ...{ recurring: false, cron: "", spanMs: HOUR, zone: "UTC", reason: "new disks" },
  };

  test("begins now, or when it was said, and lasts what was chosen", () => {
    expect(requestOf({ ...form, service: "api" }, T0)).toEqual({
      ...{ kind: "silence", matcher: { service: "api" }, reason: "new disks", until: iso(T0 + HOUR) },
    });
    const later = requestOf({ ...form, from: "2026-03-02T08:00" }, T0);
    expect(later).toMatchObject({ from: iso(Date.parse("2026-03-02T08:00")) });
    expect(Date.parse(later?.until ?? "") - Date.parse(later?.from ?? "")).toBe(HOUR);
  });

  test("is not asked for while something is missing", () => {
    expect(requestOf({ ...form, reason: " " }, T0)).toBeNull();
    expect(requestOf({ ...form, recurring: true }, T0)).toBeNull();
    expect(requestOf({ ...form, recurring: true, cron: "0 2 * * 0", zone: "" }, T0)).toBeNull();
    expect(requestOf({ ...form, from: "soon" }, T0)).toBeNull();
  });

  test("can be no longer than 30 days, also by a clock that is a day wrong", () => {
    expect(Math.max(...LENGTHS)).toBeLessThan(29 * 24 * HOUR);
  });
});

describe("healing", () => {
  const plan: HealingPlan = {
    ...{ incident: "inc-1", service: "web", mode: "act", phase: "choosing", underWay: null, after: [], refused: [] },
    next: { remedy: "restart", step: 2, rung: 0, name: "restart of web", evidence: null, graceMs: 60_000 },
    ...{ stopped: null, well: false, veto: null, notBefore: null, validUntil: null },
    ...{ left: { restarts: 1, actionsThisHour: 4, actionsToday: 10 } },
  };

  test.each([
    [{}, null],
    [{ veto: { rule: "deploying", reason: "a deployment is in progress" } }, "It waits: a deployment is in progress."],
    [{ notBefore: iso(T0) }, /^It waits until \d\d:00:00/],
    [{ phase: "proposed", validUntil: iso(T0) }, /^It waits for a person until \d\d:00:00/],
    [{ phase: "evidence" }, "Evidence is collected first."],
    [{ mode: "propose" }, "It will be proposed to a person first."],
    [{ mode: "propose", next: null }, null],
    [
      { mode: "propose", phase: "done", stopped: "alice declined the plan: not now" },
      "Healing has stopped: alice declined the plan: not now. It is done when a person orders it.",
    ],
  ] as const)("with %o waits: %s", (extra, text) => {
    const said = waitText({ ...plan, ...extra } as HealingPlan);
    if (text instanceof RegExp) expect(said).toMatch(text);
    else expect(said).toBe(text);
  });

  test("without a next action there is nothing to do, or a person is told what to order", () => {
    expect(nothingText({ ...plan, well: true })).toBe("nothing: all checks pass");
    expect(nothingText(plan)).toMatch(/a person is needed, who can give stationmaster restart web, or /);
  });

  test("says what is left", () => {
    expect(leftText(plan)).toBe(
      "1 restart left within the hour; 4 actions this hour and 10 today in the whole project.",
    );
  });
});

test("what is true of an incident is told once, with who and until when", () => {
  const incident = { acknowledged: true, escalated: true, flags: ["acknowledged", "escalated", "frozen"] };
  const [first, ...others] = flagTexts({
    ...incident,
    acknowledgement: { actor: "ada", note: null, until: iso(T0) },
  } as IncidentSummary);
  expect(first).toMatch(/^acknowledged by ada until \d\d:00$/);
  expect(others).toEqual(["escalated to a person", "healing stopped"]);
  const quiet = { acknowledged: false, escalated: false, flags: ["suppressed"], suppressedBy: ["sil-1", "inc-2"] };
  expect(flagTexts(quiet as IncidentSummary)).toEqual(["kept quiet by sil-1, inc-2"]);
});

describe("a report", () => {
  test("is taken apart into headings, lists, tables and lines", () => {
    const text = "## A\n\n- **b:** c\n  - d\n\n| x | y\\|z |\n|---|---|\n| 1 | 2 |\nnone\n- e\n";
    expect(blocksOf(text)).toEqual([
      { kind: "heading", level: 2, text: "A" },
      {
        kind: "list",
        items: [
          { depth: 0, text: "**b:** c" },
          { depth: 1, text: "d" },
        ],
      },
      { kind: "table", head: ["x", "y\\|z"], rows: [["1", "2"]] },
      { kind: "text", text: "none" },
      { kind: "list", items: [{ depth: 0, text: "e" }] },
    ]);
  });

  test.each([
    [
      "**Users:** not \\*known\\*",
      [
        ["Users:", true],
        [" not *known*", false],
      ],
    ],
    ["_to be written by a person_", [["to be written by a person", false]]],
    ["\\<b\\> **", [["<b> **", false]]],
  ])("shows %s without the marks", (line, spans) => {
    expect(spansOf(line).map(({ text, strong }) => [text, strong])).toEqual(spans);
  });

  test("has its place at the API and a file of its own name", () => {
    expect(reportSource({ kind: "postmortem", id: "inc 1" })).toBe("/api/reports/postmortem/inc%201");
    expect(reportSource({ kind: "audit", week: "2026-W53" })).toBe("/api/reports/audit?week=2026-W53");
    expect(reportSource({ kind: "daily" })).toBe("/api/reports/daily");
    expect(reportSource({ kind: "daily", day: "2026-03-01" })).toBe("/api/reports/daily?day=2026-03-01");
    expect(reportFile({ kind: "daily", day: "2026-03-01" })).toBe("daily-2026-03-01.md");
    expect(reportFile({ kind: "audit", week: "2026-W53" })).toBe("audit-2026-W53.md");
    expect(reportFile({ kind: "healing", days: 30 })).toBe("healing.md");
  });

  test.each([
    [4, 6, "6 (+2)"],
    [310.5, 260, "260 (−50.5)"],
    [1, 1, "1 (±0)"],
    [null, 91, "91"],
    [3, null, "not measured"],
  ])("tells %s → %s as %s", (before, now, text) => {
    expect(changeText({ what: "x", before, now })).toBe(text);
  });
});
