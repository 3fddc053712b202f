import { createRoute, z } from "@hono/zod-openapi";
import { SeriesWindow } from "../../contract/check.ts";
import {
  ById,
  Check,
  CheckList,
  CheckQuery,
  CheckResult,
  CheckSeries,
  failures,
  json,
  Limit,
  SloReport,
} from "../schemas.ts";
import { type App, actorOf, type RouteContext } from "./route.ts";

const list = createRoute({
  method: "get",
  path: "/api/checks",
  tags: ["checks"],
  summary: "The checks with their verdicts and figures: all of them, or those that are asked for",
  request: { query: CheckQuery },
  responses: { 200: json(CheckList, "The checks, and how many there are"), ...failures },
});

const one = createRoute({
  method: "get",
  path: "/api/checks/{id}",
  tags: ["checks"],
  summary: "One check, by its id or by its name in the manifest; encode the id, it contains slashes",
  request: { params: ById },
  responses: { 200: json(Check, "The check"), ...failures },
});

const run = createRoute({
  method: "post",
  path: "/api/checks/{id}/run",
  tags: ["checks"],
  summary: "Run a check now; the result counts like any other",
  request: { params: ById },
  responses: { 200: json(CheckResult, "What it found"), ...failures },
});

const series = createRoute({
  method: "get",
  path: "/api/checks/{id}/series",
  tags: ["checks"],
  summary: "The history of one check; encode the id, it contains slashes",
  request: { params: ById, query: z.object({ window: SeriesWindow.default("1h") }) },
  responses: { 200: json(CheckSeries, "Points in rising time"), ...failures },
});

const results = createRoute({
  method: "get",
  path: "/api/checks/{id}/results",
  tags: ["checks"],
  summary: "Single results of the last 48 hours: what was not ok, and the runs around each change of the verdict",
  request: { params: ById, query: z.object({ limit: Limit }) },
  responses: { 200: json(z.object({ results: z.array(CheckResult) }), "Results, the newest first"), ...failures },
});

const slo = createRoute({
  method: "get",
  path: "/api/slo",
  tags: ["checks"],
  summary: "How services, and checks with an objective of their own, keep what they promise",
  responses: { 200: json(z.object({ objectives: z.array(SloReport) }), "The objectives"), ...failures },
});

export function checkRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(results, async (c) =>
    c.json({ results: await usecases.results(c.req.valid("param").id, c.req.valid("query").limit) }, 200),
  );
  app.openapi(slo, async (c) => c.json({ objectives: await usecases.slo() }, 200));
  app.openapi(list, async (c) => c.json(await usecases.findChecks(c.req.valid("query")), 200));
  app.openapi(one, async (c) => c.json(await usecases.check(c.req.valid("param").id), 200));
  app.openapi(run, async (c) => c.json(await usecases.runCheck(c.req.valid("param").id, actorOf(c)), 200));
  app.openapi(series, async (c) =>
    c.json(await usecases.series(c.req.valid("param").id, c.req.valid("query").window), 200),
  );
}
