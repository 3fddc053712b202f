import { createRoute, z } from "@hono/zod-openapi";
import { AcknowledgeRequest, ById, failures, Incident, IncidentSummary, json, Limit } from "../schemas.ts";
import { type App, actorOf, type RouteContext } from "./route.ts";

const list = createRoute({
  method: "get",
  path: "/api/incidents",
  tags: ["incidents"],
  summary: "Incidents, newest first",
  request: {
    query: z.object({
      state: z.enum(["open", "review", "all"]).default("open"),
      check: z.string().optional().openapi({ description: "The id of a check that failed in them" }),
      limit: Limit,
    }),
  },
  responses: { 200: json(z.object({ incidents: z.array(IncidentSummary) }), "The incidents"), ...failures },
});

const one = createRoute({
  method: "get",
  path: "/api/incidents/{id}",
  tags: ["incidents"],
  summary: "One incident with its evidence and timeline",
  request: { params: ById },
  responses: { 200: json(Incident, "The incident"), ...failures },
});

const acknowledge = createRoute({
  method: "post",
  path: "/api/incidents/{id}/acknowledge",
  tags: ["incidents"],
  summary: "Say that a person has seen it",
  request: { params: ById, body: { content: { "application/json": { schema: AcknowledgeRequest } } } },
  responses: { 200: json(Incident, "The incident afterwards"), ...failures },
});

const approve = createRoute({
  method: "post",
  path: "/api/incidents/{id}/approve",
  tags: ["incidents"],
  summary: "Carry out the proposed healing action",
  request: { params: ById },
  responses: { 200: json(Incident, "The incident afterwards"), ...failures },
});

export function incidentRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(list, async (c) => c.json({ incidents: await usecases.incidents(c.req.valid("query")) }, 200));
  app.openapi(one, async (c) => c.json(await usecases.incident(c.req.valid("param").id), 200));
  app.openapi(acknowledge, async (c) => {
    const { note } = c.req.valid("json");
    return c.json(await usecases.acknowledge(c.req.valid("param").id, actorOf(c), note), 200);
  });
  app.openapi(approve, async (c) => c.json(await usecases.approve(c.req.valid("param").id, actorOf(c)), 200));
}
