import { createRoute } from "@hono/zod-openapi";
import { failures, json, Status } from "../schemas.ts";
import type { App, RouteContext } from "./route.ts";

const status = createRoute({
  method: "get",
  path: "/api/status",
  tags: ["status"],
  summary: "Services, incidents and rollouts at a glance",
  responses: { 200: json(Status, "The state of the environment"), ...failures },
});

export function statusRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(status, async (c) => c.json(await usecases.status(), 200));
}
