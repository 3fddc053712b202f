import { expect, test } from "vitest";
import type { ActionItemRow } from "../../store/tables/reports.ts";
import { itemAssignees, itemPart, itemTitle, planItem } from "./action-item.ts";

const item: ActionItemRow = {
  ...{ id: "act-1", app: "shop", environment: "production", incidentId: "inc-1", owner: "bob", due: "2026-03-10" },
  ...{ text: "raise the pool, see #7 and @team", createdBy: "ada", createdAt: new Date(0), doneBy: null, doneAt: null },
};
const view = (change: Partial<ActionItemRow> = {}, incidentIssue: number | null = 12) => ({
  ...{ project: "shop", item: { ...item, ...change }, incidentIssue },
});

test.each([
  [{ done: false, state: "open", edited: false }, []],
  [{ done: false, state: "open", edited: true }, ["edit"]],
  [{ done: false, state: "closed", edited: true }, ["finish", "settle"]],
  [{ done: true, state: "open", edited: true }, ["edit", "close", "settle"]],
  [{ done: true, state: "closed", edited: false }, ["settle"]],
] as const)("%j makes %j", (sight, steps) => {
  expect(planItem(sight)).toEqual(steps);
});

test("the text has owner, day and incident; what people wrote calls nobody", () => {
  const lines = itemPart(view()).split("\n");
  expect(lines.slice(1, 4)).toEqual(["**Owner:** bob", "**Due:** 2026-03-10", "**Incident:** #12 (inc-1)"]);
  expect(itemPart(view({ doneBy: "cli:bob" }, null))).toMatch(/\*\*Incident:\*\* inc-1\n\*\*Done by:\*\* cli:bob\n/);
  expect(itemPart(view())).not.toMatch(/#7|@team/);
  expect(itemTitle(view({ text: "@team\n".repeat(90) }))).toMatch(/^Action item: @\u200bteam @\u200bteam .{100,}…$/);
});

test.each([
  ["bob", ["bob"]],
  ["bob-2", ["bob-2"]],
  ["bob@example.com", []],
  ["the back-end team", []],
  ["bob-", []],
  ["x".repeat(40), []],
])("%s is assigned as %j", (owner, assignees) => {
  expect(itemAssignees(view({ owner }))).toEqual(assignees);
});
