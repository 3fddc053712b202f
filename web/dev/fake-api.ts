import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type { Check } from "../../src/contract/check.ts";
import { ContractRequest } from "../../src/contract/migration.ts";
import { DeployRequest, RollbackRequest } from "../../src/contract/requests.ts";
import type { RolloutSummary } from "../../src/contract/rollout.ts";
import { Release, Rollout, RolloutPlan, TrafficView } from "../../src/contract/rollout.ts";
import type { LiveEvent } from "../../src/contract/status.ts";
import { AuditVerdict, DoctorReport, Status } from "../../src/contract/status.ts";
import { addChecks } from "./fake-checks.ts";
import { addHolds } from "./fake-holds.ts";
import { addIncidents } from "./fake-incidents.ts";
import { addReports } from "./fake-reports.ts";
import { addRepository } from "./fake-repository.ts";
import { addTelling } from "./fake-telling.ts";
import * as fixtures from "./fixtures.ts";
import * as hosted from "./host-stories.ts";
import { incidents } from "./incident-stories.ts";
import * as stories from "./stories.ts";
import { silences } from "./telling-stories.ts";

interface Options {
  /** Built dashboard to serve; without it only the API answers. */
  dist?: string;
  port?: number;
  /** When set, every API request needs it as bearer token. */
  token?: string;
  /** Start with no services, releases, rollouts and incidents. */
  empty?: boolean;
}

export interface FakeApi {
  url: string;
  /** `METHOD /path` of every change asked for, with its body, and by whom where the page was told a name. */
  changes: { request: string; body: unknown; actor?: string }[];
  /** Pages that follow the live events now. */
  followers(): number;
  /** Makes planning give another plan from now on. */
  changePlan(): void;
  /** From now on exactly these checks exist; tells the pages. */
  setChecks(checks: Check[]): void;
  close(): Promise<void>;
}

/** A stateful stand-in for the daemon: every answer passes the contract's schema, every change is remembered. */
export async function startFakeApi({ dist, port = 0, token, empty = false }: Options = {}): Promise<FakeApi> {
  const state = {
    services: empty ? [] : fixtures.services(),
    rollouts: empty ? [] : fixtures.rollouts(),
    incidents: empty ? [] : incidents(),
    releases: empty ? [] : fixtures.releases(),
    planHash: "c0ffee",
  };
  const onHosts = hosted.hostSummaries();
  const rolloutNamed = (id: string) => [...state.rollouts, ...onHosts].find((rollout) => rollout.id === id);
  let trafficAsked = 0;
  const changes: FakeApi["changes"] = [];
  const listeners = new Set<(event: LiveEvent) => void>();
  const announce = (event: LiveEvent) => {
    for (const listener of listeners) listener(event);
  };
  const app = new Hono();
  const refuse = (code: string, message: string) => ({
    error: { code, message, next: "look at the list", exitCode: 1 },
  });

  app.use("/api/*", async (c, next) => {
    if (token && c.req.header("authorization") !== `Bearer ${token}`) return c.json(refuse("SM-AUTH", "no token"), 401);
    if (c.req.method !== "GET") {
      const actor = c.req.header("x-stationmaster-actor");
      const body: unknown = c.req.method === "POST" ? await c.req.raw.clone().json() : null;
      changes.push({ request: `${c.req.method} ${c.req.path}`, body, ...(actor !== "dashboard" && { actor }) });
    }
    await next();
  });
  const holds = addHolds(app, { empty });
  app.get("/api/status", (c) =>
    c.json(
      Status.parse({
        project: "shop",
        environment: "local",
        ...state,
        ...{ lock: holds.lock, freezes: holds.freezes, queued: holds.queued },
        ...(empty ? {} : { silences: silences().filter(({ active }) => active) }),
        daemon: { running: true, pid: 4_100, url: "http://127.0.0.1:4700", startedAt: fixtures.before(7_200_000) },
      }),
    ),
  );
  const watched = addChecks(app, { empty });
  addIncidents(app, { incidents: state.incidents, announce });
  addTelling(app, { empty });
  addReports(app, { empty });
  addRepository(app, { empty });
  app.get("/api/rollouts", (c) => c.json({ rollouts: state.rollouts }));
  app.get("/api/rollouts/:id", (c) => {
    const found = rolloutNamed(c.req.param("id"));
    if (!found) return c.json(refuse("SM-ROLLOUT-UNKNOWN", "no such rollout"), 404);
    return c.json(Rollout.parse(hosted.hostRolloutOf(found) ?? stories.rolloutOf(found)));
  });
  app.get("/api/rollouts/:id/traffic", (c) => {
    const views = hosted.hostTrafficOf(c.req.param("id"), trafficAsked++) ?? stories.trafficOf(25);
    return c.json({ services: TrafficView.array().parse(views) });
  });
  app.post("/api/plan", async (c) => {
    const request = DeployRequest.parse(await c.req.json());
    if (request.release === hosted.REFUSED_RELEASE) return c.json(RolloutPlan.parse(hosted.refusedPlan()));
    if (request.release === hosted.LATE_RELEASE) return c.json(RolloutPlan.parse(hosted.closedPlan()));
    const only = request.only ?? ["api", "web", "worker"];
    const plan = stories.planFor(request.release ?? "shop-0045", "shop-0043", only);
    return c.json(RolloutPlan.parse({ ...plan, hash: state.planHash }));
  });
  app.post("/api/plan/rollback", async (c) => {
    const to = RollbackRequest.parse(await c.req.json()).to ?? "shop-0041";
    const plan = stories.planFor(to, "shop-0043", ["api", "web"]);
    return c.json(RolloutPlan.parse({ ...plan, kind: "rollback", hash: state.planHash }));
  });
  // Refuses once after a change of the plan, as the daemon does.
  const agreed = (request: { planHash?: string }) =>
    request.planHash === undefined || request.planHash === state.planHash;
  const changed = refuse("SM-PLAN-CHANGED", "something changed since the plan was shown");
  const begin = (release: string, kind: RolloutSummary["kind"]) => {
    const rollout: RolloutSummary = {
      ...(fixtures.rollouts()[0] as RolloutSummary),
      id: `ro-${50 + state.rollouts.length}`,
      release,
      kind,
      startedAt: new Date().toISOString(),
    };
    state.rollouts.unshift(rollout);
    announce({ type: "rollout", id: rollout.id });
    return { rollout };
  };
  app.post("/api/deploy", async (c) => {
    const request = DeployRequest.parse(await c.req.json());
    return agreed(request) ? c.json(begin(request.release ?? "shop-0045", "deploy"), 202) : c.json(changed, 409);
  });
  app.post("/api/contract", async (c) => {
    ContractRequest.parse(await c.req.json());
    return c.json(begin("shop-0043", "contract"), 202);
  });
  app.post("/api/rollback", async (c) => {
    const request = RollbackRequest.parse(await c.req.json());
    return agreed(request) ? c.json(begin(request.to ?? "shop-0041", "rollback"), 202) : c.json(changed, 409);
  });
  app.post("/api/rollouts/:id/:verb{promote|abort}", (c) => {
    const found = rolloutNamed(c.req.param("id"));
    if (!found) return c.json(refuse("SM-ROLLOUT-UNKNOWN", "no such rollout"), 404);
    found.state = c.req.param("verb") === "promote" ? "BAKING" : "ROLLING_BACK";
    announce({ type: "rollout", id: found.id });
    return c.json({ rollout: found }, 202);
  });
  app.post("/api/services/:name/restart", (c) => c.json({ accepted: true }, 202));
  app.get("/api/releases", (c) => c.json({ releases: Release.array().parse(state.releases) }));
  app.get("/api/audit", (c) =>
    c.json({
      entries: [3, 2, 1].map((seq) => ({
        seq,
        at: fixtures.before(seq * 3_600_000),
        actor: seq === 2 ? "stationmaster" : "alice",
        action: seq === 2 ? "heal.restart" : "deploy",
        subject: seq === 2 ? "web" : `shop-004${seq}`,
        detail: { outcome: "succeeded", strategy: "blue-green" },
      })),
    }),
  );
  app.get("/api/audit/verify", (c) => c.json(AuditVerdict.parse(fixtures.AUDIT_VERDICT)));
  app.get("/api/doctor", (c) => c.json(DoctorReport.parse(fixtures.DOCTOR_REPORT)));
  app.get("/api/services/:name/logs", (c) => {
    const lines = fixtures.logLines(`${c.req.param("name")}-1`);
    if (c.req.query("follow") !== "true") return c.json({ lines });
    return streamSSE(c, async (stream) => {
      for (const line of lines) await stream.writeSSE({ data: JSON.stringify(line) });
      await new Promise<void>((resolve) => stream.onAbort(resolve));
    });
  });
  app.get("/api/events", (c) =>
    streamSSE(c, async (stream) => {
      const listener = (event: LiveEvent) => void stream.writeSSE({ data: JSON.stringify(event) });
      listeners.add(listener);
      await stream.write(": hello\n\n");
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      listeners.delete(listener);
    }),
  );
  if (dist) {
    app.use("*", async (c, next) => {
      await next();
      c.header("content-security-policy", "default-src 'self'");
    });
    app.use("/assets/*", serveStatic({ root: dist }));
    app.get("*", serveStatic({ root: dist, path: "index.html" }));
  }

  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, () => resolve(started));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    changes,
    followers: () => listeners.size,
    changePlan: () => {
      state.planHash = "decaf";
    },
    setChecks: (checks) => {
      watched.checks = checks;
      announce({ type: "checks" });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}
