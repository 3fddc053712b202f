import { expect, test } from "vitest";
import type { Incident, IncidentEvent } from "../../contract/incident.ts";
import { hashOf } from "../../github/part.ts";
import { labelsOf } from "./marks.ts";
import { type Mirror, plan, toldByText } from "./plan.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const MINUTE = 60_000;
const events = (...kinds: string[]): IncidentEvent[] =>
  kinds.map((kind, index) => ({ seq: index + 1, at: new Date(NOW).toISOString(), kind, text: kind, data: {} }));
const incident = (change: Partial<Incident> = {}) =>
  ({
    id: "inc-1",
    key: "0123456789abcdef",
    severity: "SEV1",
    state: "open",
    timeline: [],
    ...change,
  }) as unknown as Incident;
const mirror = (change: Partial<Mirror> = {}): Mirror => ({
  ...{ told: 0, comments: 0, closedBy: null, frozen: false, dispatched: false, textHash: hashOf("text") },
  ...{ commentedAt: NOW - MINUTE, textAt: NOW - MINUTE },
  ...change,
});
interface Case {
  of?: Partial<Incident>;
  row?: Partial<Mirror>;
  state?: "open" | "closed";
  labels?: string[];
  text?: string;
}
const steps = ({ of = {}, row = {}, state = "open", labels = labelsOf(incident(of)), text = "text" }: Case) =>
  plan({
    ...{ incident: incident(of), mirror: mirror(row), seen: { state, labels }, text, now: NOW },
    dispatches: [],
  }).map((step) => step.type);

test("an issue that shows its incident is left alone; the text is edited once a minute, an end at once", () => {
  expect(steps({})).toEqual([]);
  expect(steps({ text: "new" })).toEqual(["edit"]);
  expect(steps({ text: "new", row: { textAt: NOW - MINUTE + 1 } })).toEqual([]);
  expect(steps({ text: "new", row: { textAt: NOW }, of: { state: "resolved" } })).toEqual(["edit", "close"]);
});

test("news are told at once, the rest every 30 min, and 20 comments are enough", () => {
  const quiet = { timeline: events("opened", "check") };
  const news = { timeline: events("opened", "action") };
  expect(steps({ of: quiet })).toEqual([]);
  expect(steps({ of: quiet, row: { commentedAt: NOW - 30 * MINUTE } })).toEqual(["comment"]);
  expect(steps({ of: news })).toEqual(["comment"]);
  expect(steps({ of: news, row: { told: 2 } })).toEqual([]);
  expect(steps({ of: news, row: { comments: 19 } })).toEqual([]);
  const over = { timeline: events("opened", "resolved"), state: "resolved" as const };
  expect(steps({ of: over, row: { comments: 19 } })).toEqual(["comment", "close"]);
  expect(steps({ of: over, row: { comments: 20 } })).toEqual(["close"]);
  expect(toldByText(events("opened", "evidence", "action", "check"))).toBe(2);
  expect(toldByText(events("opened", "evidence"))).toBe(2);
});

test("who closed it decides what follows", () => {
  const over = { state: "resolved" as const };
  expect(steps({ state: "closed" })).toEqual(["object"]);
  expect(steps({ state: "closed", row: { closedBy: "person" } })).toEqual([]);
  expect(steps({ state: "open", row: { closedBy: "person" } })).toEqual(["note"]);
  expect(steps({ state: "closed", row: { closedBy: "us" } })).toEqual(["reopen"]);
  expect(steps({ state: "open", row: { closedBy: "us" } })).toEqual(["note"]);
  expect(steps({ of: over, state: "closed", row: { closedBy: "person" } })).toEqual(["note"]);
  // A person opened it again after its end.
  expect(steps({ of: over, state: "open", row: { closedBy: "us" } })).toEqual([]);
});

test("labels: ours are put right, `frozen` is obeyed while the incident goes on", () => {
  const ours = labelsOf(incident());
  const sight = { incident: incident({ severity: "SEV2" }), mirror: mirror(), text: "text", now: NOW, dispatches: [] };
  expect(plan({ ...sight, seen: { state: "open", labels: [...ours, "theirs"] } })).toEqual([
    { type: "label", add: ["SEV2"], remove: ["SEV1"] },
  ]);
  expect(steps({ labels: [...ours, "frozen"] })).toEqual(["freeze"]);
  expect(steps({ labels: ours, row: { frozen: true } })).toEqual(["freeze"]);
  expect(steps({ labels: [...ours, "frozen"], of: { state: "closed" }, row: { closedBy: "us" } })).toEqual([]);
});

test("the code agent is called once, for the severities it is for", () => {
  const sight = {
    incident: incident(),
    seen: { state: "open" as const, labels: labelsOf(incident()) },
    text: "text",
    now: NOW,
  };
  const called = (dispatches: ("SEV1" | "SEV2")[], dispatched = false) =>
    plan({ ...sight, mirror: mirror({ dispatched }), dispatches });
  expect(called(["SEV1"])).toEqual([{ type: "dispatch" }]);
  expect(called(["SEV1"], true)).toEqual([]);
  expect(called(["SEV2"])).toEqual([]);
});
