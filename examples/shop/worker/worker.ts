import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { log } from "./log.ts";
import { workOnce } from "./orders.ts";

const POLL_MS = 500;
const RETRY_MS = 1_000;

const { DATABASE_URL, RELEASE = "dev", ORDER_STEP_MS = "1000" } = process.env;
if (!DATABASE_URL) {
  log("error", "DATABASE_URL is not set");
  process.exit(2);
}

const stop = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort(signal));
const pool = new pg.Pool({
  connectionString: DATABASE_URL,
  max: 1,
  connectionTimeoutMillis: 2_000,
  query_timeout: 10_000,
});
pool.on("error", (error) => log("warn", "database connection lost", { reason: error.message }));

log("info", "working", { release: RELEASE });
while (!stop.signal.aborted) await pause(await work());
log("info", "stopping", { signal: stop.signal.reason });
await Promise.race([pool.end(), delay(2_000)]);
process.exit(0);

/** Milliseconds to wait before the next look. */
async function work(): Promise<number> {
  try {
    const step = await workOnce(pool, Number(ORDER_STEP_MS));
    if (!step) return POLL_MS;
    log("info", "order moved", { ...step });
    return 0;
  } catch (error) {
    // The tables may not be there yet, or the database restarts: both pass.
    log("warn", "no order was moved", { reason: error instanceof Error ? error.message : String(error) });
    return RETRY_MS;
  }
}

async function pause(ms: number): Promise<void> {
  await delay(ms, undefined, { signal: stop.signal }).catch(() => undefined);
}
