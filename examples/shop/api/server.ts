import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type Config, readConfig } from "./config.ts";
import { type Database, migrate, openDatabase } from "./database.ts";
import { devopsRoutes } from "./devops.ts";
import { createHandler } from "./handler.ts";
import { health } from "./health.ts";
import { log } from "./log.ts";
import { seedCanary, sessionRoutes } from "./sessions.ts";
import { shopRoutes } from "./shop.ts";
import { openStreams } from "./streams.ts";

const STOP_DEADLINE_MS = 8_000;

start(configOrExit());

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    log("error", error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

function start(config: Config): void {
  const database = openDatabase(config.databaseUrl);
  const stop = new AbortController();
  let waitingFor: string | undefined = "the tables are being prepared";
  const pending = () => waitingFor;

  // Longer than any proxy keeps an idle connection, so that the proxy is the one that closes it.
  const server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 30_000 });
  const streams = openStreams(server, config.release);
  const routes = [
    { method: "GET", path: "/health", handle: () => health(database, config, pending) },
    ...sessionRoutes(database),
    ...shopRoutes(database),
    ...streams.routes,
    ...devopsRoutes(database, config, pending),
  ];
  server.on("request", createHandler({ routes, faults: config.faults, stopping: () => stop.signal.aborted }));
  server.on("error", (error) => {
    log("error", "cannot listen", { port: config.port, reason: error.message });
    process.exit(1);
  });
  server.listen(config.port, "127.0.0.1", () =>
    log("info", "listening", { address: server.address(), release: config.release }),
  );

  void prepare(database, config, stop.signal, (reason) => {
    waitingFor = reason;
  });
  if (config.faults.crashAfterMs !== undefined) setTimeout(crash, config.faults.crashAfterMs);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void shutDown(signal));

  async function shutDown(signal: string): Promise<void> {
    if (signal === "SIGTERM" && config.faults.ignoreSigterm) return log("warn", "FAULT=ignore-sigterm");
    if (stop.signal.aborted) return;
    log("info", "stopping", { signal });
    stop.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    streams.close();
    const idle = setInterval(() => server.closeIdleConnections(), 100);
    setTimeout(() => server.closeAllConnections(), STOP_DEADLINE_MS).unref();
    await closed;
    clearInterval(idle);
    await Promise.race([database.close(), delay(2_000)]);
    log("info", "stopped");
    process.exit(0);
  }
}

/** Prepares the tables and the canary user; tries again until it works or the process stops. */
async function prepare(
  database: Database,
  config: Config,
  signal: AbortSignal,
  report: (reason: string | undefined) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const applied = await migrate(database);
      await seedCanary(database, config.canary);
      log("info", "ready", { applied });
      return report(undefined);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log("warn", "the database is not ready", { reason });
      report(reason);
      await delay(1_000, undefined, { signal }).catch(() => undefined);
    }
  }
}

function crash(): void {
  log("error", "FAULT=crash-after");
  process.exit(1);
}
