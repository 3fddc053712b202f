import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { ActionItem, Drill, Report, StoredReport } from "../contract/report.ts";
import { type RunningServer, startServer } from "./index.ts";
import { createFakeHouse } from "./testing.ts";

const house = createFakeHouse();
let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ usecases: house.usecases, port: 0, version: "1", log: pino({ level: "silent" }) });
});
beforeEach(() => void house.calls.splice(0));
afterAll(() => server.close());

const post = (path: string, body: unknown) =>
  fetch(server.url + path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", "x-stationmaster-actor": "ada" },
  });

test.each([
  ["daily", { kind: "daily" }],
  ["daily?day=2026-03-01", { kind: "daily", day: "2026-03-01" }],
  ["audit", { kind: "audit" }],
  ["audit?week=2026-W09", { kind: "audit", week: "2026-W09" }],
  ["healing?days=7", { kind: "healing", days: 7 }],
  ["incident/inc-1", { kind: "incident", id: "inc-1" }],
  ["postmortem/inc-1", { kind: "postmortem", id: "inc-1" }],
])("GET /api/reports/%s", async (path, query) => {
  const response = await fetch(`${server.url}/api/reports/${path}`);
  expect(response.status).toBe(200);
  expect(Report.parse(await response.json()).markdown).toBe("## Healing");
  expect(house.calls).toEqual([["report", query]]);
});

test("the reports that are kept are listed", async () => {
  const { reports } = z
    .object({ reports: StoredReport.array() })
    .parse(await (await fetch(`${server.url}/api/reports`)).json());
  expect(reports.map(({ period, issue }) => [period, issue?.number])).toEqual([
    ["2026-W09", 7],
    ["2026-02-28", undefined],
  ]);
});

test("a week that is none, and a day that is none, are refused", async () => {
  expect((await fetch(`${server.url}/api/reports/audit?week=2026-W54`)).status).toBe(400);
  expect((await fetch(`${server.url}/api/reports/daily?day=2026-02-30`)).status).toBe(400);
  const item = { text: "raise the pool", owner: "bob", due: "2026-02-30" };
  expect((await post("/api/incidents/inc-1/action-items", item)).status).toBe(400);
  expect(house.calls).toEqual([]);
});

test("action items are added, listed and done; a drill is held", async () => {
  const item = { text: "raise the pool", owner: "bob", due: "2026-03-10" };
  ActionItem.parse(await (await post("/api/incidents/inc-1/action-items", item)).json());
  const list = (await (await fetch(`${server.url}/api/action-items?incident=inc-1`)).json()) as { items: unknown };
  expect(ActionItem.array().parse(list.items)).toHaveLength(1);
  expect((await post("/api/action-items/act-2/done", {})).status).toBe(404);
  expect((await post("/api/action-items/act-1/done", {})).status).toBe(200);
  Drill.parse(await (await post(`/api/checks/${encodeURIComponent("web/health")}/drill`, {})).json());
  expect(house.calls).toEqual([
    ["addActionItem", "inc-1", item, "ada"],
    ["actionItems", "inc-1"],
    ["finishActionItem", "act-2", "ada"],
    ["finishActionItem", "act-1", "ada"],
    ["drill", "web/health", "ada"],
  ]);
});
