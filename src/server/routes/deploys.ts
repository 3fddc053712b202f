import { createRoute, z } from "@hono/zod-openapi";
import {
  body,
  DeployRequest,
  failures,
  json,
  QueuedDeploy,
  RollbackRequest,
  RolloutPlan,
  RolloutSummary,
} from "../schemas.ts";
import { type App, actorOf, type RouteContext } from "./route.ts";

const plan = createRoute({
  method: "post",
  path: "/api/plan",
  tags: ["deploys"],
  summary: "What a deploy would do; changes nothing",
  request: { body: body(DeployRequest) },
  responses: { 200: json(RolloutPlan, "The plan"), ...failures },
});

const planRollback = createRoute({
  method: "post",
  path: "/api/plan/rollback",
  tags: ["deploys"],
  summary: "What a rollback would do; changes nothing",
  request: { body: body(RollbackRequest) },
  responses: { 200: json(RolloutPlan, "The plan"), ...failures },
});

const begun = {
  200: json(RolloutPlan, "The plan, when `planOnly` is true"),
  202: json(z.object({ rollout: RolloutSummary }), "Accepted; the rollout goes on in the background"),
  ...failures,
};

const deploy = createRoute({
  method: "post",
  path: "/api/deploy",
  tags: ["deploys"],
  summary: "Deploy what the manifest says",
  request: { body: body(DeployRequest) },
  responses: begun,
});

const queue = createRoute({
  method: "post",
  path: "/api/deploy/queue",
  tags: ["deploys"],
  summary: "Deploy when the environment is free and open; takes the place of a deployment queued before",
  request: { body: body(DeployRequest) },
  responses: { 202: json(QueuedDeploy, "Accepted; it begins by itself"), ...failures },
});

const queued = createRoute({
  method: "get",
  path: "/api/deploy/queue",
  tags: ["deploys"],
  summary: "The deployment that waits for its turn",
  responses: { 200: json(z.object({ queued: QueuedDeploy.nullable() }), "What is queued, or null"), ...failures },
});

const unqueue = createRoute({
  method: "post",
  path: "/api/deploy/unqueue",
  tags: ["deploys"],
  summary: "Take the queued deployment back, or only the one of an id",
  request: { body: body(z.strictObject({ id: z.string().optional() })) },
  responses: { 200: json(QueuedDeploy, "What was queued"), ...failures },
});

const rollback = createRoute({
  method: "post",
  path: "/api/rollback",
  tags: ["deploys"],
  summary: "Return to a kept release",
  request: { body: body(RollbackRequest) },
  responses: begun,
});

export function deployRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(plan, async (c) => c.json(await usecases.plan(c.req.valid("json"), actorOf(c)), 200));
  app.openapi(planRollback, async (c) => c.json(await usecases.planRollback(c.req.valid("json")), 200));
  app.openapi(deploy, async (c) => {
    const request = c.req.valid("json");
    if (request.planOnly) return c.json(await usecases.plan(request, actorOf(c)), 200);
    return c.json({ rollout: await usecases.deploy(request, actorOf(c)) }, 202);
  });
  app.openapi(queue, async (c) => c.json(await usecases.queueDeploy(c.req.valid("json"), actorOf(c)), 202));
  app.openapi(queued, async (c) => c.json({ queued: await usecases.queued() }, 200));
  app.openapi(unqueue, async (c) => c.json(await usecases.unqueue(actorOf(c), c.req.valid("json").id), 200));
  app.openapi(rollback, async (c) => {
    const request = c.req.valid("json");
    if (request.planOnly) return c.json(await usecases.planRollback(request), 200);
    return c.json({ rollout: await usecases.rollback(request, actorOf(c)) }, 202);
  });
}
