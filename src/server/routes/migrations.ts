import { createRoute, z } from "@hono/zod-openapi";
import {
  body,
  ContractRequest,
  failures,
  json,
  MigrationHistory,
  MigrationReport,
  MigrationsRequest,
  RolloutPlan,
  RolloutSummary,
} from "../schemas.ts";
import { type App, actorOf, type RouteContext } from "./route.ts";

const history = createRoute({
  method: "get",
  path: "/api/migrations",
  tags: ["migrations"],
  summary: "What was migrated so far, and how far backfills are",
  responses: { 200: json(MigrationHistory, "The last runs and the open backfills"), ...failures },
});

const report = createRoute({
  method: "post",
  path: "/api/migrations",
  tags: ["migrations"],
  summary: "Try the pending migrations on a scratch database; takes as long as they do",
  request: { body: body(MigrationsRequest) },
  responses: { 200: json(MigrationReport, "What is pending, and what is wrong with it"), ...failures },
});

const planContract = createRoute({
  method: "post",
  path: "/api/plan/contract",
  tags: ["migrations"],
  summary: "What a contract rollout would end; changes nothing",
  request: { body: body(ContractRequest) },
  responses: { 200: json(RolloutPlan, "The plan"), ...failures },
});

const contract = createRoute({
  method: "post",
  path: "/api/contract",
  tags: ["migrations"],
  summary: "Take away what only older releases need of a database",
  request: { body: body(ContractRequest) },
  responses: {
    200: json(RolloutPlan, "The plan, when `planOnly` is true"),
    202: json(z.object({ rollout: RolloutSummary }), "Accepted; the rollout goes on in the background"),
    ...failures,
  },
});

export function migrationRoutes(app: App, { usecases }: RouteContext): void {
  app.openapi(history, async (c) => c.json(await usecases.migrationHistory(), 200));
  app.openapi(report, async (c) => c.json(await usecases.migrations(c.req.valid("json"), actorOf(c)), 200));
  app.openapi(planContract, async (c) => c.json(await usecases.planContract(c.req.valid("json"), actorOf(c)), 200));
  app.openapi(contract, async (c) => {
    const request = c.req.valid("json");
    if (request.planOnly) return c.json(await usecases.planContract(request, actorOf(c)), 200);
    return c.json({ rollout: await usecases.contract(request, actorOf(c)) }, 202);
  });
}
