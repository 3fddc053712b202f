import { createRoute, z } from "@hono/zod-openapi";
import { ById, body, DeclineRequest, failures, HealingFigures, HealingPlan, Incident, json } from "../schemas.ts";
import { type App, actorOf, type RouteContext } from "./route.ts";

const plan = createRoute({
  method: "get",
  path: "/api/incidents/{id}/plan",
  tags: ["incidents"],
  summary: "What healing would do next, and what stands in its way",
  request: { params: ById },
  responses: { 200: json(HealingPlan, "The plan"), ...failures },
});

const decline = createRoute({
  method: "post",
  path: "/api/incidents/{id}/decline",
  tags: ["incidents"],
  summary: "Refuse the proposed healing action",
  request: { params: ById, body: body(DeclineRequest) },
  responses: { 200: json(Incident, "The incident afterwards"), ...failures },
});

const heal = createRoute({
  method: "post",
  path: "/api/incidents/{id}/heal",
  tags: ["incidents"],
  summary: "Order the next remedy now, as a person",
  request: { params: ById },
  responses: { 200: json(Incident, "The incident afterwards"), ...failures },
});

const figures = createRoute({
  method: "get",
  path: "/api/healing",
  tags: ["incidents"],
  summary: "How well healing went: success and regret by rung and by what had failed",
  request: { query: z.object({ days: z.coerce.number().int().min(1).max(400).default(30) }) },
  responses: { 200: json(HealingFigures, "The figures"), ...failures },
});

export function healingRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(plan, async (c) => c.json(await usecases.healingPlan(c.req.valid("param").id), 200));
  app.openapi(decline, async (c) => {
    const { reason } = c.req.valid("json");
    return c.json(await usecases.decline(c.req.valid("param").id, actorOf(c), reason), 200);
  });
  app.openapi(heal, async (c) => c.json(await usecases.healNow(c.req.valid("param").id, actorOf(c)), 200));
  app.openapi(figures, async (c) => c.json(await usecases.healingFigures(c.req.valid("query").days), 200));
}
