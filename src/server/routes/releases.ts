import { createRoute, z } from "@hono/zod-openapi";
import { failures, json, Release } from "../schemas.ts";
import type { App, RouteContext } from "./route.ts";

const list = createRoute({
  method: "get",
  path: "/api/releases",
  tags: ["releases"],
  summary: "Kept releases, newest first",
  responses: { 200: json(z.object({ releases: z.array(Release) }), "The releases"), ...failures },
});

export function releaseRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(list, async (c) => c.json({ releases: await usecases.releases() }, 200));
}
