import { OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { except } from "hono/combine";
import type { Registry } from "prom-client";
import { Bug, UserError } from "../core/errors.ts";
import { serveDashboard } from "./dashboard.ts";
import { apiErrorOf, invalidRequest, requestErrorOf, statusOf } from "./errors.ts";
import { createMetrics } from "./metrics.ts";
import { bearerToken, jsonBody, openOnly, ownHost, ownOrigin, pageHeaders, smallBody } from "./protect.ts";
import { alertRoutes } from "./routes/alerts.ts";
import { auditRoutes } from "./routes/audit.ts";
import { checkRoutes } from "./routes/checks.ts";
import { deployRoutes } from "./routes/deploys.ts";
import { devopsRoutes } from "./routes/devops.ts";
import { doctorRoutes } from "./routes/doctor.ts";
import { eventRoutes } from "./routes/events.ts";
import { healingRoutes } from "./routes/healing.ts";
import { heartbeatRoutes } from "./routes/heartbeats.ts";
import { holdRoutes } from "./routes/holds.ts";
import { hookRoutes, isHook } from "./routes/hooks.ts";
import { incidentOrderRoutes } from "./routes/incident-orders.ts";
import { incidentRoutes } from "./routes/incidents.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { migrationRoutes } from "./routes/migrations.ts";
import { notificationRoutes } from "./routes/notifications.ts";
import { pagerRoutes } from "./routes/pagers.ts";
import { previewRoutes } from "./routes/previews.ts";
import { releaseRoutes } from "./routes/releases.ts";
import { reportRoutes } from "./routes/reports.ts";
import { repositoryRoutes } from "./routes/repository.ts";
import { rolloutRoutes } from "./routes/rollouts.ts";
import type { App, AppEnv, RouteContext } from "./routes/route.ts";
import { serviceRoutes } from "./routes/services.ts";
import { silenceRoutes } from "./routes/silences.ts";
import { statusRoutes } from "./routes/status.ts";
import { isPublic, PUBLIC_PATHS, publicHeaders, statusPageRoutes } from "./routes/status-page.ts";
import { workerRoutes } from "./routes/workers.ts";

interface AppOptions extends Omit<RouteContext, "metrics"> {
  /** The host the server listens on. */
  host: string;
  token?: string;
  webRoot?: string;
  version: string;
  extraMetrics?: Registry;
}

const GROUPS = [
  statusRoutes,
  checkRoutes,
  workerRoutes,
  heartbeatRoutes,
  incidentRoutes,
  incidentOrderRoutes,
  silenceRoutes,
  healingRoutes,
  reportRoutes,
  rolloutRoutes,
  deployRoutes,
  migrationRoutes,
  holdRoutes,
  previewRoutes,
  alertRoutes,
  hookRoutes,
  pagerRoutes,
  notificationRoutes,
  releaseRoutes,
  serviceRoutes,
  auditRoutes,
  devopsRoutes,
  doctorRoutes,
  repositoryRoutes,
  eventRoutes,
  metricsRoutes,
  statusPageRoutes,
];

/** What needs the token when one is set; the dashboard itself asks for it. */
const SECURED = ["/api/*", "/metrics", "/openapi.json"];

/** Every route of the server; nothing listens yet. */
export function createApp(options: AppOptions): App {
  const { usecases, log, closing, host, token, webRoot, version, extraMetrics } = options;
  const app = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(result.error, result.target);
    },
  });
  app.onError((error, c) => {
    const known = requestErrorOf(error) ?? ownFault(error);
    if (known instanceof Bug)
      log.error({ err: error, method: c.req.method, path: shownPath(c.req.path) }, "request failed");
    return c.json(apiErrorOf(known), statusOf(known));
  });
  app.notFound((c) => {
    const known = new UserError({
      code: "SM-ROUTE-UNKNOWN",
      message: `there is no ${c.req.method} ${c.req.path}`,
      next: "see /openapi.json for what there is",
    });
    return c.json(apiErrorOf(known), statusOf(known));
  });

  app.use(except(isPublic, pageHeaders()), openOnly(closing));
  for (const path of PUBLIC_PATHS) app.use(path, publicHeaders());
  // A hook is signed and comes by whatever name the repository was told; what is public may have any name.
  if (token === undefined) app.use(except([isHook, isPublic], ownHost(host)));
  if (token !== undefined) for (const path of SECURED) app.use(path, bearerToken(token));
  app.use("/api/*", notStored, ownOrigin(), jsonBody(), smallBody());

  const metrics = createMetrics(usecases, version, extraMetrics);
  for (const register of GROUPS) register(app, { usecases, metrics, log, closing });
  describeApi(app, version);
  app.all("/api/*", (c) => c.notFound());
  serveDashboard(app, webRoot);
  return app;
}

/** The path of a job's call is a secret. */
function shownPath(path: string): string {
  return path.replace(/^\/hb\/[^/]+/, "/hb/•••");
}

function describeApi(app: App, version: string): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "token", { type: "http", scheme: "bearer" });
  app.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: { title: "Stationmaster", version, description: "Deploy, watch and heal an application." },
    servers: [{ url: "/" }],
    // The empty alternative: on the loopback address no token is needed unless one is set.
    security: [{}, { token: [] }],
  });
}

const notStored: MiddlewareHandler = async (c, next) => {
  await next();
  if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
};

/** What nobody foresaw is told without its message, which may contain anything; the log has it. */
function ownFault(cause: unknown): Bug {
  return new Bug({ code: "SM-BUG", message: "a fault inside Stationmaster", next: "see its log and report it", cause });
}
