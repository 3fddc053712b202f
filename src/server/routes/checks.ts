import { createRoute, z } from "@hono/zod-openapi";
import { ById, Check, CheckSeries, failures, json } from "../schemas.ts";
import type { App, RouteContext } from "./route.ts";

const list = createRoute({
  method: "get",
  path: "/api/checks",
  tags: ["checks"],
  summary: "Every check with its verdict and figures",
  responses: { 200: json(z.object({ checks: z.array(Check) }), "The checks"), ...failures },
});

const series = createRoute({
  method: "get",
  path: "/api/checks/{id}/series",
  tags: ["checks"],
  summary: "The history of one check; encode the id, it contains slashes",
  request: { params: ById, query: z.object({ window: z.enum(["1h", "24h", "7d"]).default("1h") }) },
  responses: { 200: json(CheckSeries, "Points in rising time"), ...failures },
});

export function checkRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(list, async (c) => c.json({ checks: await usecases.checks() }, 200));
  app.openapi(series, async (c) =>
    c.json(await usecases.series(c.req.valid("param").id, c.req.valid("query").window), 200),
  );
}
