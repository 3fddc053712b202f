import { createRoute, z } from "@hono/zod-openapi";
import { failures } from "../schemas.ts";
import type { App, RouteContext } from "./route.ts";

const metrics = createRoute({
  method: "get",
  path: "/metrics",
  tags: ["machines"],
  summary: "Metrics in the Prometheus text format",
  responses: {
    200: { description: "The metrics of this moment", content: { "text/plain": { schema: z.string() } } },
    ...failures,
  },
});

const health = createRoute({
  method: "get",
  path: "/healthz",
  tags: ["machines"],
  summary: "Whether the server answers; needs no token",
  security: [],
  responses: { 200: { description: "It does", content: { "text/plain": { schema: z.literal("ok") } } } },
});

export function metricsRoutes(app: App, context: RouteContext): void {
  app.openapi(metrics, async (c) =>
    c.text(await context.metrics.text(), 200, { "content-type": context.metrics.contentType }),
  );
  app.openapi(health, (c) => c.text("ok", 200));
}
