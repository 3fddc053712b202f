import { createRoute, z } from "@hono/zod-openapi";
import {
  Approval,
  ById,
  body,
  Freeze,
  FreezeRequest,
  failures,
  json,
  Lock,
  LockRequest,
  UnlockRequest,
  VouchRequest,
} from "../schemas.ts";
import { type App, actorOf, type RouteContext } from "./route.ts";

const vouch = createRoute({
  method: "post",
  path: "/api/approvals",
  tags: ["holds"],
  summary: "Vouch for a fact about a release",
  request: { body: body(VouchRequest) },
  responses: { 200: json(Approval, "The approval"), ...failures },
});

const approvals = createRoute({
  method: "get",
  path: "/api/approvals",
  tags: ["holds"],
  summary: "Facts people vouched for and items they overrode, newest first",
  responses: { 200: json(z.object({ approvals: z.array(Approval) }), "The last 100"), ...failures },
});

const lock = createRoute({
  method: "post",
  path: "/api/lock",
  tags: ["holds"],
  summary: "Keep everybody else from the environment",
  request: { body: body(LockRequest) },
  responses: { 200: json(Lock, "The lock"), ...failures },
});

const unlock = createRoute({
  method: "post",
  path: "/api/unlock",
  tags: ["holds"],
  summary: "Take the lock away",
  request: { body: body(UnlockRequest) },
  responses: { 200: json(Lock, "The lock that was there"), ...failures },
});

const freezes = createRoute({
  method: "get",
  path: "/api/freezes",
  tags: ["holds"],
  summary: "Freezes that people ordered and that are not over",
  responses: { 200: json(z.object({ freezes: z.array(Freeze) }), "The freezes"), ...failures },
});

const freeze = createRoute({
  method: "post",
  path: "/api/freezes",
  tags: ["holds"],
  summary: "Deploy nothing for a time",
  request: { body: body(FreezeRequest) },
  responses: { 200: json(Freeze, "The freeze"), ...failures },
});

const unfreeze = createRoute({
  method: "post",
  path: "/api/freezes/{id}/lift",
  tags: ["holds"],
  summary: "End a freeze now",
  request: { params: ById },
  responses: { 200: json(Freeze, "The freeze as it was"), ...failures },
});

export function holdRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(vouch, async (c) => c.json(await usecases.vouch(c.req.valid("json"), actorOf(c)), 200));
  app.openapi(approvals, async (c) => c.json({ approvals: await usecases.approvals() }, 200));
  app.openapi(lock, async (c) => c.json(await usecases.lock(c.req.valid("json"), actorOf(c)), 200));
  app.openapi(unlock, async (c) => c.json(await usecases.unlock(c.req.valid("json"), actorOf(c)), 200));
  app.openapi(freezes, async (c) => c.json({ freezes: await usecases.freezes() }, 200));
  app.openapi(freeze, async (c) => c.json(await usecases.freeze(c.req.valid("json"), actorOf(c)), 200));
  app.openapi(unfreeze, async (c) => c.json(await usecases.unfreeze(c.req.valid("param").id, actorOf(c)), 200));
}
