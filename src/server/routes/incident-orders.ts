import { createRoute } from "@hono/zod-openapi";
import {
  ById,
  body,
  CloseReviewRequest,
  FrozenRequest,
  failures,
  Incident,
  json,
  ReportRequest,
  SeverityRequest,
} from "../schemas.ts";
import { type App, actorOf, type RouteContext } from "./route.ts";

const answers = { 200: json(Incident, "The incident afterwards"), ...failures };

const report = createRoute({
  method: "post",
  path: "/api/incidents",
  tags: ["incidents"],
  summary: "Open an incident that no check has seen",
  request: { body: body(ReportRequest) },
  responses: answers,
});

const severity = createRoute({
  method: "post",
  path: "/api/incidents/{id}/severity",
  tags: ["incidents"],
  summary: "Set the severity, up or down",
  request: { params: ById, body: body(SeverityRequest) },
  responses: answers,
});

const freeze = createRoute({
  method: "post",
  path: "/api/incidents/{id}/freeze",
  tags: ["incidents"],
  summary: "Stop healing of an incident, or allow it again",
  request: { params: ById, body: body(FrozenRequest) },
  responses: answers,
});

const close = createRoute({
  method: "post",
  path: "/api/incidents/{id}/close",
  tags: ["incidents"],
  summary: "End the review of an incident; one that was opened by hand ends by it first",
  request: { params: ById, body: body(CloseReviewRequest) },
  responses: answers,
});

/** What people do to incidents besides taking them. */
export function incidentOrderRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(report, async (c) => c.json(await usecases.reportIncident(c.req.valid("json"), actorOf(c)), 200));
  app.openapi(severity, async (c) => {
    const { severity: wanted, note } = c.req.valid("json");
    return c.json(await usecases.setSeverity(c.req.valid("param").id, wanted, actorOf(c), note), 200);
  });
  app.openapi(freeze, async (c) => {
    const { frozen } = c.req.valid("json");
    return c.json(await usecases.setFrozen(c.req.valid("param").id, frozen, actorOf(c)), 200);
  });
  app.openapi(close, async (c) => {
    const { note } = c.req.valid("json");
    return c.json(await usecases.closeReview(c.req.valid("param").id, actorOf(c), note), 200);
  });
}
