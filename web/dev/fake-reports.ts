import type { Hono } from "hono";
import { ActionItem, ActionItemRequest, Report, StoredReport } from "../../src/contract/report.ts";
import * as told from "./report-stories.ts";

/** The routes of reports and action items. */
export function addReports(app: Hono, { empty }: { empty: boolean }): void {
  const items = empty ? [] : told.actionItems();
  const unknown = (code: string, message: string) => ({
    error: { code, message, next: "stationmaster report audit makes one of this moment", exitCode: 2 },
  });

  app.get("/api/reports", (c) => c.json({ reports: StoredReport.array().parse(empty ? [] : told.storedReports()) }));
  app.get("/api/reports/daily", (c) => c.json(Report.parse(told.dailyReport())));
  app.get("/api/reports/healing", (c) => c.json(Report.parse(told.healingReport(Number(c.req.query("days") ?? 30)))));
  app.get("/api/reports/audit", (c) => {
    const week = c.req.query("week");
    if (week?.startsWith("2020")) return c.json(unknown("SM-REPORT-UNKNOWN", `there is no audit of ${week}`), 404);
    return c.json(Report.parse(told.auditReport(week)));
  });
  app.get("/api/reports/:kind{incident|postmortem}/:id", (c) =>
    c.json(Report.parse(told.incidentReport(c.req.param("id")))),
  );
  app.get("/api/action-items", (c) => {
    const incident = c.req.query("incident");
    const shown = items.filter((item) => incident === undefined || item.incident === incident);
    return c.json({ items: ActionItem.array().parse(shown) });
  });
  app.post("/api/incidents/:id/action-items", async (c) => {
    const request = ActionItemRequest.parse(await c.req.json());
    const created = { createdBy: "dashboard", createdAt: new Date().toISOString(), doneBy: null, doneAt: null };
    const item = { ...request, ...created, id: `ai-${items.length + 1}`, incident: c.req.param("id") };
    items.push(item);
    return c.json(ActionItem.parse(item));
  });
  app.post("/api/action-items/:id/done", (c) => {
    const found = items.find(({ id }) => id === c.req.param("id"));
    if (!found) return c.json(unknown("SM-ACTION-UNKNOWN", "there is no such item"), 404);
    Object.assign(found, { doneBy: "dashboard", doneAt: new Date().toISOString() });
    return c.json(ActionItem.parse(found));
  });
}
