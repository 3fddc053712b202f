import { createRoute } from "@hono/zod-openapi";
import { failures, json, RepositoryQuery, RepositoryView } from "../schemas.ts";
import type { App, RouteContext } from "./route.ts";

const show = createRoute({
  method: "get",
  path: "/api/repository",
  tags: ["repository"],
  summary: "Facts about the repository, the files that would be written, and findings; writes nothing",
  request: { query: RepositoryQuery },
  responses: { 200: json(RepositoryView, "What lies there, seen within the last minute"), ...failures },
});

export function repositoryRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(show, async (c) => c.json(await usecases.repository(c.req.valid("query")), 200));
}
