import type { Hono } from "hono";
import { Approval, Freeze, Lock, QueuedDeploy } from "../../src/contract/hold.ts";
import { ContractRequest, MigrationHistory, MigrationReport } from "../../src/contract/migration.ts";
import { Preview, PreviewRequest } from "../../src/contract/preview.ts";
import { DeployRequest, FreezeRequest, LockRequest, VouchRequest } from "../../src/contract/requests.ts";
import { RolloutPlan } from "../../src/contract/rollout.ts";
import * as told from "./hold-stories.ts";
import { contractPlan } from "./host-stories.ts";

/** The routes of locks, freezes, approvals, previews and migrations; answers what they change. */
export function addHolds(app: Hono, { empty }: { empty: boolean }): told.Holds {
  const state: told.Holds = empty ? { lock: undefined, freezes: [], queued: undefined, approvals: [] } : told.holds();
  let previews = empty ? [] : told.previews();
  const unknown = (code: string, message: string) => ({
    error: { code, message, next: "look at the list", exitCode: 2 },
  });
  const actor = (given: string | undefined) => given ?? "web";

  app.post("/api/lock", async (c) => {
    const { reason } = LockRequest.parse(await c.req.json());
    if (reason.startsWith("no")) return c.json(unknown("SM-DEPLOY-BUSY", "the rollout ro-44 works on local"), 409);
    state.lock = told.lock(reason, actor(c.req.header("x-stationmaster-actor")));
    return c.json(Lock.parse(state.lock));
  });
  app.post("/api/unlock", (c) => {
    const was = state.lock;
    state.lock = undefined;
    return was ? c.json(Lock.parse(was)) : c.json(unknown("SM-UNLOCKED", "local is not locked"), 400);
  });
  app.post("/api/freezes", async (c) => {
    const { reason, until } = FreezeRequest.parse(await c.req.json());
    const made = { ...told.freeze(`fr-${state.freezes.length + 5}`, reason, until ?? null), who: "dashboard" };
    state.freezes.push(made);
    return c.json(Freeze.parse(made));
  });
  app.post("/api/freezes/:id/lift", (c) => {
    const found = state.freezes.find(({ id }) => id === c.req.param("id"));
    state.freezes = state.freezes.filter((item) => item !== found);
    return found ? c.json(Freeze.parse(found)) : c.json(unknown("SM-FREEZE-UNKNOWN", "there is no such freeze"), 404);
  });
  app.get("/api/approvals", (c) => c.json({ approvals: Approval.array().parse(state.approvals) }));
  app.post("/api/approvals", async (c) => {
    const { what, evidence = null } = VouchRequest.parse(await c.req.json());
    const made = told.approval(`ap-${state.approvals.length + 5}`, {
      ...{ what, evidence },
      who: actor(c.req.header("x-stationmaster-actor")),
    });
    state.approvals.unshift(made);
    return c.json(Approval.parse(made));
  });
  app.post("/api/deploy/queue", async (c) => {
    DeployRequest.parse(await c.req.json());
    state.queued = told.QUEUED;
    return c.json(QueuedDeploy.parse(state.queued), 202);
  });
  app.post("/api/deploy/unqueue", (c) => {
    state.queued = undefined;
    return c.json(QueuedDeploy.parse(told.QUEUED));
  });

  app.get("/api/previews", (c) => c.json({ previews: Preview.array().parse(previews) }));
  app.post("/api/previews", async (c) => {
    const { ref, pr } = PreviewRequest.parse(await c.req.json());
    const made: Preview = {
      ...(told.previews()[0] as Preview),
      name: pr ? `pr-${pr}` : `br-${ref}`,
      ref,
      ready: false,
    };
    previews.push(made);
    return c.json(Preview.parse(made), 202);
  });
  app.post("/api/previews/:name/:order{close|wake|remove}", (c) => {
    const found = previews.find(({ name }) => name === c.req.param("name"));
    if (!found) return c.json(unknown("SM-PREVIEW-UNKNOWN", "there is no such preview"), 404);
    const order = c.req.param("order");
    if (order === "remove") previews = previews.filter((item) => item !== found);
    else
      Object.assign(found, { state: order === "wake" ? "running" : "closed", reason: null, ready: order !== "wake" });
    return c.json(Preview.parse(found), 202);
  });

  app.get("/api/migrations", (c) => {
    const history = told.migrationHistory();
    return c.json(MigrationHistory.parse(empty ? { ...history, services: [], runs: [], backfills: [] } : history));
  });
  app.post("/api/migrations", (c) => c.json(MigrationReport.parse(told.migrationReport())));
  app.post("/api/plan/contract", async (c) => {
    const { service } = ContractRequest.parse(await c.req.json());
    return service === "api"
      ? c.json(RolloutPlan.parse(contractPlan()))
      : c.json(unknown("SM-CONTRACT-NONE", "worker: shop-0043 has no contract migration that is pending"), 400);
  });
  return state;
}
