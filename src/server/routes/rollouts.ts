import { createRoute, z } from "@hono/zod-openapi";
import { ById, failures, json, Limit, Rollout, RolloutSummary, TrafficView } from "../schemas.ts";
import { type App, actorOf, type RouteContext } from "./route.ts";

const list = createRoute({
  method: "get",
  path: "/api/rollouts",
  tags: ["rollouts"],
  summary: "Rollouts, newest first",
  request: { query: z.object({ limit: Limit }) },
  responses: { 200: json(z.object({ rollouts: z.array(RolloutSummary) }), "The rollouts"), ...failures },
});

const one = createRoute({
  method: "get",
  path: "/api/rollouts/{id}",
  tags: ["rollouts"],
  summary: "One rollout with its plan and journal",
  request: { params: ById },
  responses: { 200: json(Rollout, "The rollout"), ...failures },
});

const traffic = createRoute({
  method: "get",
  path: "/api/rollouts/{id}/traffic",
  tags: ["rollouts"],
  summary: "Where the requests of each service go right now",
  request: { params: ById },
  responses: { 200: json(z.object({ services: z.array(TrafficView) }), "One view per service"), ...failures },
});

const accepted = json(z.object({ rollout: RolloutSummary }), "Accepted; the rollout goes on in the background");

const promote = createRoute({
  method: "post",
  path: "/api/rollouts/{id}/promote",
  tags: ["rollouts"],
  summary: "Skip the remaining steps and waiting times",
  request: { params: ById },
  responses: { 202: accepted, ...failures },
});

const abort = createRoute({
  method: "post",
  path: "/api/rollouts/{id}/abort",
  tags: ["rollouts"],
  summary: "Stop the rollout and return to the release before",
  request: { params: ById },
  responses: { 202: accepted, ...failures },
});

export function rolloutRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(list, async (c) => c.json({ rollouts: await usecases.rollouts(c.req.valid("query").limit) }, 200));
  app.openapi(one, async (c) => c.json(await usecases.rollout(c.req.valid("param").id), 200));
  app.openapi(traffic, async (c) => c.json({ services: await usecases.traffic(c.req.valid("param").id) }, 200));
  app.openapi(promote, async (c) =>
    c.json({ rollout: await usecases.promote(c.req.valid("param").id, actorOf(c)) }, 202),
  );
  app.openapi(abort, async (c) => c.json({ rollout: await usecases.abort(c.req.valid("param").id, actorOf(c)) }, 202));
}
