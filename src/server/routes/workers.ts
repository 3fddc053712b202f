import { createRoute } from "@hono/zod-openapi";
import { failures, json, Workers } from "../schemas.ts";
import type { App, RouteContext } from "./route.ts";

const list = createRoute({
  method: "get",
  path: "/api/workers",
  tags: ["checks"],
  summary: "The processes that share the checks, with their shards; empty where one daemon runs all",
  responses: { 200: json(Workers, "The workers, the oldest first"), ...failures },
});

export function workerRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(list, async (c) => c.json(await usecases.workers(), 200));
}
