import { createRoute, z } from "@hono/zod-openapi";
import { AuditEntry, AuditVerdict, failures, json, Limit } from "../schemas.ts";
import type { App, RouteContext } from "./route.ts";

const list = createRoute({
  method: "get",
  path: "/api/audit",
  tags: ["audit"],
  summary: "Who did what, newest first",
  request: { query: z.object({ limit: Limit }) },
  responses: { 200: json(z.object({ entries: z.array(AuditEntry) }), "The entries"), ...failures },
});

const verify = createRoute({
  method: "get",
  path: "/api/audit/verify",
  tags: ["audit"],
  summary: "Whether the chain of entries is unbroken",
  responses: { 200: json(AuditVerdict, "The verdict"), ...failures },
});

export function auditRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(list, async (c) => c.json({ entries: await usecases.audit(c.req.valid("query").limit) }, 200));
  app.openapi(verify, async (c) => c.json(await usecases.verifyAudit(), 200));
}
