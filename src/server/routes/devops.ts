import { createRoute, z } from "@hono/zod-openapi";
import { DevOpsCleanup } from "../../contract/devops.ts";
import { DevOpsAnswer, failures, json } from "../schemas.ts";
import { type App, actorOf, type RouteContext } from "./route.ts";

const answered = { 200: json(DevOpsAnswer, "What the application answered"), ...failures };

const ask = createRoute({
  method: "get",
  path: "/api/devops/{what}",
  tags: ["devops"],
  summary: "Health or figures, from the DevOps API of the application",
  request: { params: z.object({ what: z.enum(["health", "stats"]) }) },
  responses: answered,
});

const clear = createRoute({
  method: "post",
  path: "/api/devops/cleanup/{what}",
  tags: ["devops"],
  summary: "Let the application remove stale sessions or orphans",
  request: { params: z.object({ what: DevOpsCleanup }) },
  responses: answered,
});

export function devopsRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(ask, async (c) => c.json(await usecases.devops(c.req.valid("param").what), 200));
  app.openapi(clear, async (c) => c.json(await usecases.clearDevops(c.req.valid("param").what, actorOf(c)), 200));
}
