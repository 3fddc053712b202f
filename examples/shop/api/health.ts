import type { Config } from "./config.ts";
import type { Database } from "./database.ts";
import type { Answer } from "./http.ts";

const DATABASE_DEADLINE_MS = 1_000;

/** What start-up still waits for; undefined once the tables and the canary user are there. */
export type Pending = () => string | undefined;

/** 200 when the database answers within a second, else 503 with the reason. */
export async function health(
  database: Database,
  config: Config,
  pending: Pending,
): Promise<Exclude<Answer, "streaming">> {
  const common = { release: config.release, uptime: Math.round(process.uptime()) };
  const unhealthy = (databaseState: "up" | "down", reason: string) => ({
    status: 503,
    json: { status: "unhealthy", ...common, database: databaseState, reason },
  });
  if (config.faults.neverHealthy) return unhealthy("up", "FAULT=never-healthy");
  const waitingFor = pending();
  if (waitingFor) return unhealthy("down", waitingFor);
  try {
    const [row] = await withDeadline(
      database.query<{ sessions: number }>("SELECT count(*)::int AS sessions FROM sessions"),
    );
    return { status: 200, json: { status: "healthy", ...common, database: "up", sessions: row?.sessions ?? 0 } };
  } catch (error) {
    return unhealthy("down", error instanceof Error ? error.message : String(error));
  }
}

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("the database did not answer within 1 s")), DATABASE_DEADLINE_MS);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
