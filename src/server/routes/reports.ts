import { createRoute, z } from "@hono/zod-openapi";
import { Day, Week } from "../../contract/report.ts";
import { ActionItem, ActionItemRequest, ById, body, Drill, failures, json, Report, StoredReport } from "../schemas.ts";
import { type App, actorOf, type RouteContext } from "./route.ts";

const report = json(Report, "The report as data and as Markdown");
const answers = { 200: report, ...failures };

const list = createRoute({
  method: "get",
  path: "/api/reports",
  tags: ["reports"],
  summary: "The reports that are kept: of days and weeks",
  responses: { 200: json(z.object({ reports: z.array(StoredReport) }), "The newest first"), ...failures },
});

const daily = createRoute({
  method: "get",
  path: "/api/reports/daily",
  tags: ["reports"],
  summary: "How the environment stands, with figures of the last 24 hours; a stored one where a day is named",
  request: { query: z.object({ day: Day.optional() }) },
  responses: answers,
});

const audit = createRoute({
  method: "get",
  path: "/api/reports/audit",
  tags: ["reports"],
  summary: "The audit of the monitoring: a stored one, or of the last 7 days where no week is named",
  request: { query: z.object({ week: Week.optional() }) },
  responses: answers,
});

const healing = createRoute({
  method: "get",
  path: "/api/reports/healing",
  tags: ["reports"],
  summary: "How well healing went",
  request: { query: z.object({ days: z.coerce.number().int().min(1).max(400).default(30) }) },
  responses: answers,
});

const incident = createRoute({
  method: "get",
  path: "/api/reports/incident/{id}",
  tags: ["reports"],
  summary: "The report of an incident",
  request: { params: ById },
  responses: answers,
});

const postMortem = createRoute({
  method: "get",
  path: "/api/reports/postmortem/{id}",
  tags: ["reports"],
  summary: "The draft of the post-mortem of an incident",
  request: { params: ById },
  responses: answers,
});

const items = createRoute({
  method: "get",
  path: "/api/action-items",
  tags: ["incidents"],
  summary: "What is left to do after incidents, and what was done",
  request: { query: z.object({ incident: z.string().optional() }) },
  responses: { 200: json(z.object({ items: z.array(ActionItem) }), "By the day they are due"), ...failures },
});

const add = createRoute({
  method: "post",
  path: "/api/incidents/{id}/action-items",
  tags: ["incidents"],
  summary: "Add what is left to do after an incident",
  request: { params: ById, body: body(ActionItemRequest) },
  responses: { 200: json(ActionItem, "The item"), ...failures },
});

const done = createRoute({
  method: "post",
  path: "/api/action-items/{id}/done",
  tags: ["incidents"],
  summary: "Say that it is done",
  request: { params: ById },
  responses: { 200: json(ActionItem, "The item"), ...failures },
});

const drill = createRoute({
  method: "post",
  path: "/api/checks/{id}/drill",
  tags: ["checks"],
  summary: "Try whether a check notices a fault and whether the page arrives; pages people with DRILL",
  request: { params: ById },
  responses: { 200: json(Drill, "What was found"), ...failures },
});

export function reportRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(list, async (c) => c.json({ reports: await usecases.reports() }, 200));
  app.openapi(daily, async (c) => c.json(await usecases.report({ kind: "daily", ...c.req.valid("query") }), 200));
  app.openapi(audit, async (c) => c.json(await usecases.report({ kind: "audit", ...c.req.valid("query") }), 200));
  app.openapi(healing, async (c) => c.json(await usecases.report({ kind: "healing", ...c.req.valid("query") }), 200));
  app.openapi(incident, async (c) =>
    c.json(await usecases.report({ kind: "incident", id: c.req.valid("param").id }), 200),
  );
  app.openapi(postMortem, async (c) =>
    c.json(await usecases.report({ kind: "postmortem", id: c.req.valid("param").id }), 200),
  );
  app.openapi(items, async (c) => c.json({ items: await usecases.actionItems(c.req.valid("query").incident) }, 200));
  app.openapi(add, async (c) =>
    c.json(await usecases.addActionItem(c.req.valid("param").id, c.req.valid("json"), actorOf(c)), 200),
  );
  app.openapi(done, async (c) => c.json(await usecases.finishActionItem(c.req.valid("param").id, actorOf(c)), 200));
  app.openapi(drill, async (c) => c.json(await usecases.drill(c.req.valid("param").id, actorOf(c)), 200));
}
