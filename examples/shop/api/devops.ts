import { createHash, timingSafeEqual } from "node:crypto";
import type { Config } from "./config.ts";
import type { Database } from "./database.ts";
import { health, type Pending } from "./health.ts";
import { type Call, HttpError, type Route } from "./http.ts";
import { STALE } from "./sessions.ts";

const ORPHANS = "FROM cart_items WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.id = session_id)";

/** Routes for operators, behind the header `X-DevOps-Secret`; without a configured secret they answer 404. */
export function devopsRoutes(database: Database, config: Config, pending: Pending): Route[] {
  const routes: Route[] = [
    {
      method: "GET",
      path: "/api/devops/health",
      handle: async () => {
        const { status, ...answer } = await health(database, config, pending);
        const body = "json" in answer ? (answer.json as Record<string, unknown>) : {};
        return { status, json: { ...body, connections: database.connections() } };
      },
    },
    { method: "GET", path: "/api/devops/stats", handle: async () => ({ status: 200, json: await stats(database) }) },
    {
      method: "DELETE",
      path: "/api/devops/cleanup/stale-sessions",
      handle: () => cleanUp(database, `DELETE FROM sessions WHERE last_seen <= now() - ${STALE}`),
    },
    { method: "DELETE", path: "/api/devops/cleanup/orphans", handle: () => cleanUp(database, `DELETE ${ORPHANS}`) },
  ];
  return routes.map((route) => ({
    ...route,
    handle: (call) => {
      requireSecret(call, config.devopsSecret);
      return route.handle(call);
    },
  }));
}

function requireSecret({ request }: Call, secret: string | undefined): void {
  if (!secret) throw new HttpError(404, "not-found", "the DevOps API is off: DEVOPS_SECRET is not set");
  const given = String(request.headers["x-devops-secret"] ?? "");
  // Digests have one length, so the comparison takes the same time for every guess.
  if (!timingSafeEqual(digest(given), digest(secret)))
    throw new HttpError(401, "unauthorized", "X-DevOps-Secret is missing or wrong");
}

async function stats(database: Database): Promise<Record<string, number>> {
  const [row] = await database.query<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM users) AS users,
            (SELECT count(*)::int FROM sessions) AS sessions,
            (SELECT count(*)::int FROM sessions WHERE last_seen <= now() - ${STALE}) AS "staleSessions",
            (SELECT count(*)::int ${ORPHANS}) AS orphans,
            (SELECT count(*)::int FROM orders) AS orders,
            (SELECT count(*)::int FROM orders WHERE status <> 'shipped') AS "openOrders"`,
  );
  return row ?? {};
}

async function cleanUp(database: Database, statement: string) {
  const [row] = await database.query<{ removed: number }>(
    `WITH gone AS (${statement} RETURNING 1) SELECT count(*)::int AS removed FROM gone`,
  );
  return { status: 200, json: { removed: row?.removed ?? 0 } };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
